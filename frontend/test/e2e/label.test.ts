import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const config = `<View>
  <Labels name="ner" toName="text">
    <Label value="Person" background="#d93a3a"/>
    <Label value="Organisation" alias="ORG"/>
    <Label value="Place"/>
  </Labels>
  <Text name="text" value="$text"/>
  <Header value="How does it sound?" size="4"/>
  <Choices name="tone" toName="text" choice="single" required="true">
    <Choice value="Calm"/>
    <Choice value="Excited"/>
  </Choices>
</View>`;

const texts = [
  "😀 Ada Lovelace met Charles Babbage\r\nat the Royal Society in London.",
  "Grace Hopper worked at Harvard.",
  "The last one: Alan Turing, Bletchley Park.",
];

/** Marks the first place of some words with the mouse, by their boxes on screen. */
async function markByMouse(page: Page, words: string): Promise<void> {
  await page.locator(".span-body").getByText(words).waitFor();
  const box = await page.evaluate((wanted) => {
    const body = document.querySelector(".span-body");
    const walker = document.createTreeWalker(body as Node, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = (node as Text).data.indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const { left, right, top, height } = range.getBoundingClientRect();
      return { left, right, y: top + height / 2 };
    }
    return null;
  }, words);
  if (!box) throw new Error(`${words} is not on the page`);
  await page.mouse.move(box.left + 1, box.y);
  await page.mouse.down();
  await page.mouse.move(box.right - 1, box.y, { steps: 4 });
  await page.mouse.up();
}

function bare(result: readonly ResultItem[] | undefined) {
  return result?.map(({ id: _, ...item }) => item);
}

const span = (start: number, end: number, text: string, label: string) => ({
  from_name: "ner",
  to_name: "text",
  type: "labels",
  origin: "manual",
  value: { start, end, text, labels: [label] },
});
const tone = (choice: string) => ({
  from_name: "tone",
  to_name: "text",
  type: "choices",
  origin: "manual",
  value: { choices: [choice] },
});

const queue = new LabelingQueue(
  config,
  texts.map((text) => ({ text })),
);

describeInBrowser(
  "labeling a text",
  (stage) => {
    let page: Page;

    it("marks spans by mouse and by keyboard, answers, and submits what was done", async () => {
      page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.getByRole("toolbar", { name: "Labels ner" }).waitFor();

      await page.keyboard.press("1");
      await markByMouse(page, "Ada Lovelace");
      await page.getByRole("row", { name: /Person Ada Lovelace/ }).waitFor();
      await page.keyboard.press("Escape");
      await markByMouse(page, "Royal Society");
      await page.keyboard.press("2");
      await page.getByRole("row", { name: /Organisation Royal Society/ }).waitFor();

      // The keyboard alone: into the text, to its end, two words back, mark one, label it.
      await page.getByRole("textbox", { name: /Text text/ }).focus();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowLeft");
      for (let step = 0; step < 6; step++) await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("3");
      await page.getByRole("row", { name: /Place London/ }).waitFor();
      await shoot(page, "label-text-light");

      await page.keyboard.press("Control+Enter");
      await page.getByRole("alert").getByText("“tone” needs an answer.").waitFor();
      await page.getByRole("radio", { name: "Excited" }).check();
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      expect(bare(queue.sent[0]?.input.result)).toEqual([
        span(2, 14, "Ada Lovelace", "Person"),
        span(43, 56, "Royal Society", "ORG"),
        span(60, 66, "London", "Place"),
        tone("Excited"),
      ]);
      expect(queue.sent[0]?.input.lead_time).toBeGreaterThan(0);
      const named = queue.sent[0]?.input.draft_id;
      expect([...queue.drafts.values()].filter((draft) => draft.task === 7001 && draft.id !== named)).toEqual(
        [],
      );
      expect(stage.problems).toEqual([]);
    });

    it("takes back and does again; a draft is saved and restored after a reload", async () => {
      await page.keyboard.press("1");
      await markByMouse(page, "Grace Hopper");
      const row = page.getByRole("row", { name: /Person Grace Hopper/ });
      await row.waitFor();
      await page.keyboard.press("Control+z");
      await row.waitFor({ state: "detached" });
      await page.keyboard.press("Control+Shift+z");
      await row.waitFor();
      await page.locator('.label-status[data-kind="saved"]').waitFor();
      await expect.poll(() => [...queue.drafts.values()].map((draft) => draft.result.length)).toContain(1);

      await page.reload();

      await row.waitFor();
      expect(stage.problems).toEqual([]);
    });

    it("keeps work on the device while offline and brings it back, then goes back through the history", async () => {
      await page.context().setOffline(true);
      await page.getByRole("radio", { name: "Calm" }).check();
      await page.getByText("Offline: 1 change kept on this device").waitFor();
      await page.context().setOffline(false);
      await page.locator('.label-status[data-kind="saved"]').waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7003").waitFor();
      expect(bare(queue.sent[1]?.input.result)).toEqual([
        span(0, 12, "Grace Hopper", "Person"),
        tone("Calm"),
      ]);
      expect(queue.sent[1]?.input.draft_id).toBeDefined();

      await page.keyboard.press("Alt+ArrowLeft");
      await page.getByText("#7002").waitFor();
      await page.getByRole("button", { name: /^Update/ }).waitFor();
      expect(await page.getByRole("row", { name: /Person Grace Hopper/ }).count()).toBe(1);
    });

    it("merges what somebody else changed meanwhile, and asks only where both changed the same", async () => {
      const id = queue.history[1]?.annotationId ?? 0;
      const stored = queue.find(id);
      if (!stored) throw new Error("nothing stored");
      const other = stored.result.map((item) =>
        item.from_name === "tone" ? { ...item, value: { choices: ["Excited"] } } : item,
      );
      stored.result = other;
      stored.version += 1;
      await page.keyboard.press("3");
      await markByMouse(page, "Harvard");
      await page.getByRole("row", { name: /Place Harvard/ }).waitFor();
      await page.keyboard.press("Control+Enter");
      await expect.poll(() => queue.find(id)?.version).toBe(3);

      expect(bare(queue.find(id)?.result)).toEqual([
        span(0, 12, "Grace Hopper", "Person"),
        tone("Excited"),
        span(23, 30, "Harvard", "Place"),
      ]);
    });

    it("goes where it is told while a slow update is under way, and stays there", async () => {
      const id = queue.history[1]?.annotationId ?? 0;
      // What was sent before is stored, but the screen is busy until it has heard so.
      await page.locator('.label-bar button[aria-busy="true"]').waitFor({ state: "detached" });
      await page.route(`**/api/annotations/${id}/`, async (route) => {
        await new Promise((over) => setTimeout(over, 400));
        await route.continue();
      });
      await page.keyboard.press("Control+Enter");
      await page.keyboard.press("Alt+ArrowLeft");
      await expect.poll(() => queue.find(id)?.version).toBe(4);
      await page.getByText("#7001").waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await page.waitForTimeout(500);
      expect(await page.getByText("#7001").count()).toBe(1);

      await page.keyboard.press("Alt+ArrowRight");
      await page.getByText("#7002").waitFor();
    });

    it("asks where both changed the same, and saves what was chosen", async () => {
      const id = queue.history[1]?.annotationId ?? 0;
      const stored = queue.find(id);
      if (!stored) throw new Error("nothing stored");
      await page.keyboard.press("Alt+ArrowLeft");
      await page.getByText("#7001").waitFor();
      await page.keyboard.press("Alt+ArrowRight");
      await page.getByText("#7002").waitFor();
      stored.result = stored.result.map((item) =>
        item.from_name === "ner" && item.value?.start === 0
          ? { ...item, value: { ...item.value, labels: ["Place"] } }
          : item,
      );
      stored.version += 1;
      await page.getByRole("row", { name: /Person Grace Hopper/ }).click();
      await page.keyboard.press("2");
      await page.keyboard.press("Control+Enter");
      const dialog = page.getByRole("dialog", { name: "Changed elsewhere" });
      await dialog.waitFor();
      await shoot(page, "label-conflict-light");
      await expectAccessible(page);
      await dialog.getByRole("radio", { name: "Theirs" }).check();
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("row", { name: /Place Grace Hopper/ }).waitFor();

      expect(bare(queue.find(id)?.result)).toEqual([
        span(0, 12, "Grace Hopper", "Place"),
        tone("Excited"),
        span(23, 30, "Harvard", "Place"),
      ]);
    });

    it("looks right in the dark, lists its keys, and is accessible", async () => {
      const dark = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "dark" } });
      await dark.getByRole("toolbar", { name: "Labels ner" }).waitFor();
      await dark.keyboard.press("1");
      await markByMouse(dark, "Alan Turing");
      await dark.keyboard.press("3");
      await markByMouse(dark, "Bletchley Park");
      await dark.getByRole("row", { name: /Bletchley/ }).click();
      await shoot(dark, "label-text-dark");
      await expectAccessible(dark);
      await dark.keyboard.press("Shift+?");
      await dark.getByRole("dialog").waitFor();
      await shoot(dark, "label-help-dark");
      await expectAccessible(dark);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: queue.routes() },
);
