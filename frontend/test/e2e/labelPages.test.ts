/** Pictures as they lie and show: pages turned by key, quarter turns, the overview; and what results say of them. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car" background="#d93a3a"/></RectangleLabels>
  <Image name="img" valueList="$pages" rotateControl="true" brightnessControl="true" contrastControl="true"/>
  <Choices name="kind" toName="img" perItem="true"><Choice value="Letter"/><Choice value="Form"/></Choices>
</View>`;
const pages = [1, 2, 3].map((n) => `/data/media/${n}.png`);
const queue = new LabelingQueue(config, [{ pages }, { pages }]);
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": ({ params }: { params: Record<string, string> }) => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(Number(params.name?.[0]), 480, 320),
  }),
};

describeInBrowser(
  "pages and views of pictures",
  (stage) => {
    const middle = async (page: Page) => {
      const box = await page.locator(".sl-stage").boundingBox();
      if (!box) throw new Error("no canvas");
      return [box.x + box.width / 2, box.y + box.height / 2] as const;
    };
    const draw = async (page: Page) => {
      const [x, y] = await middle(page);
      await page.mouse.move(x - 60, y - 40);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 40, { steps: 4 });
      await page.mouse.up();
    };

    it("turns pages by key, and results say on which they lie", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.getByText("1 / 3").waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press("1");
      await draw(page);
      await page.keyboard.press("PageDown");
      await page.getByText("2 / 3").waitFor();
      await page.waitForTimeout(300);
      await draw(page);
      await page
        .getByRole("radio", { name: "Form" })
        .or(page.getByRole("checkbox", { name: "Form" }))
        .check();
      await page.keyboard.press("PageDown");
      await page.keyboard.press("PageDown");
      await page.getByText("3 / 3").waitFor();
      await page.keyboard.press("PageUp");
      await page.getByText("2 / 3").waitFor();

      // A region of another page, picked in the list, is gone to; undo goes back to where it happened.
      await page.getByRole("row", { name: /Car/ }).first().click();
      await page.getByText("1 / 3").waitFor();
      await shoot(page, "pages-light");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      const sent = queue.sent[0]?.input.result ?? [];
      expect(sent.map((item) => [item.from_name, item.item_index, item.image_rotation])).toEqual([
        ["box", 0, 0],
        ["box", 1, 0],
        ["kind", 1, undefined],
      ]);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });

    it("turns the picture by key; geometry stays unturned, the turn is noted and comes back", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "dark" } });
      await page.getByText("#7002").waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press("Alt+.");
      await page.waitForTimeout(200);
      await page.keyboard.press("1");
      await draw(page);
      await page.getByRole("row", { name: /Car/ }).waitFor();
      await shoot(page, "turned-dark");
      await expect.poll(() => [...queue.drafts.values()].some((draft) => draft.task === 7002)).toBe(true);
      const item = [...queue.drafts.values()].find((draft) => draft.task === 7002)?.result[0];
      expect(item?.image_rotation).toBe(90);
      const { width, height } = (item?.value ?? {}) as unknown as { width: number; height: number };
      // 120 × 80 on the screen is 80 × 120 on the picture that lies on its side.
      expect((width * 480) / (height * 320)).toBeCloseTo(80 / 120, 1);

      await page.reload();
      await page.getByRole("row", { name: /Car/ }).waitFor();
      await page.getByRole("button", { name: /^Turn right/ }).click();
      await page.getByText("Turned to 180°").waitFor();
      await page.context().close();
    });

    it("shows the whole picture small while one is zoomed in, and goes where it is pressed", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.getByText("#7002").waitFor();
      await page.waitForTimeout(300);
      const overview = page.locator(".sl-minimap");
      expect(await overview.isVisible()).toBe(false);
      const [x, y] = await middle(page);
      await page.mouse.move(x, y);
      for (let step = 0; step < 6; step += 1) await page.mouse.wheel(0, -300);
      await overview.waitFor({ state: "visible" });
      const frame = () => page.locator(".sl-minimap-frame").evaluate((node) => node.style.transform);
      const before = await frame();
      await shoot(page, "overview-light");
      const box = await overview.boundingBox();
      if (!box) throw new Error("no overview");
      await page.mouse.click(box.x + 10, box.y + 10);
      await expect.poll(frame).not.toBe(before);
      await page.keyboard.press("Alt+m");
      await overview.waitFor({ state: "hidden" });
      await page.keyboard.press("Alt+m");
      await page.keyboard.press("Alt+0");
      await overview.waitFor({ state: "hidden" });
      expect(stage.problems).toEqual([]);
    });
  },
  { routes },
);
