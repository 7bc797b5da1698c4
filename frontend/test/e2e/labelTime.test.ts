/** The time of an annotation: active seconds alone, over all sittings. The page's clock is put on by hand. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const config = `<View>
  <Text name="text" value="$text"/>
  <Choices name="tone" toName="text"><Choice value="Calm"/><Choice value="Excited"/></Choices>
</View>`;

const queue = new LabelingQueue(config, [{ text: "A first text." }, { text: "A second text." }]);
/** What the machine itself may take between two steps, in seconds. */
const SLACK = 30;

async function passes(page: Page, seconds: number): Promise<void> {
  await page.evaluate((more) => {
    const clock = window as unknown as { later?: number };
    clock.later = (clock.later ?? 0) + more * 1000;
  }, seconds);
}

async function turn(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

async function open(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const real = performance.now.bind(performance);
    performance.now = () => real() + ((window as unknown as { later?: number }).later ?? 0);
  });
  await page.reload();
  await page.getByRole("radio", { name: "Calm" }).waitFor();
}

function expectSeconds(counted: number | null | undefined, wanted: number): void {
  expect(counted).toBeGreaterThanOrEqual(wanted);
  expect(counted).toBeLessThan(wanted + SLACK);
}

describeInBrowser(
  "the time of an annotation",
  (stage) => {
    it("counts a minute of an hour's rest, nothing while hidden, and goes on from a draft", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await open(page);
      await passes(page, 50);
      await page.mouse.move(200, 200);
      await passes(page, 3600);
      await page.mouse.move(210, 210);
      await turn(page, "hidden");
      await passes(page, 500);
      await turn(page, "visible");
      await page.getByRole("radio", { name: "Calm" }).check();
      await expect.poll(() => [...queue.drafts.values()].length).toBe(1);
      const [draft] = [...queue.drafts.values()];
      expectSeconds(draft?.lead_time, 110);

      await page.reload();
      await page.getByRole("radio", { name: "Calm" }).waitFor();
      await passes(page, 40);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      expectSeconds(queue.sent[0]?.input.lead_time, 150);
      expect(stage.problems).toEqual([]);
    });

    it("begins at nothing for the next task", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.getByText("#7002").waitFor();
      await page.getByRole("radio", { name: "Excited" }).check();
      await page.keyboard.press("Control+Enter");
      await expect.poll(() => queue.sent.length).toBe(2);

      expectSeconds(queue.sent[1]?.input.lead_time, 0);
    });
  },
  { routes: queue.routes() },
);
