/** Regions as in a drawing program: order, alignment, distances, groups and snapping, by key and by button. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car" background="#d93a3a"/></RectangleLabels>
  <Image name="img" value="$image"/>
</View>`;
const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }]);
const box = (id: string, x: number, y: number, width: number, height: number): ResultItem => ({
  id,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 500,
  original_height: 400,
  image_rotation: 0,
  origin: "manual",
  value: { x, y, width, height, rotation: 0, rectanglelabels: ["Car"] },
});
const drawn = [box("a", 10, 10, 20, 10), box("b", 40, 30, 10, 10), box("c", 60, 60, 30, 20)];
queue.predictions.set(7001, [{ id: 5, result: drawn, model_version: "m", score: 0.9 }]);
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 500, 400),
  }),
};

describeInBrowser(
  "arranging regions",
  (stage) => {
    let page: Page;
    const results = async () => [...queue.drafts.values()].at(-1)?.result ?? [];
    const column = async (part: "x" | "y") =>
      Object.fromEntries((await results()).map((item) => [item.id, Number(item.value?.[part])]));
    const order = async () => (await results()).map((item) => item.id).join("");
    /** The screen point of a place in percent. */
    const at = async (x: number, y: number): Promise<[number, number]> => {
      const stageBox = await page.locator(".sl-stage").boundingBox();
      if (!stageBox) throw new Error("no canvas");
      const scale = Math.min((stageBox.width - 48) / 500, (stageBox.height - 48) / 400);
      const [left, top] = [
        stageBox.x + (stageBox.width - 500 * scale) / 2,
        stageBox.y + (stageBox.height - 400 * scale) / 2,
      ];
      return [left + x * 5 * scale, top + y * 4 * scale];
    };
    const selectAll = async () => {
      await page.locator(".sl-stage").focus();
      await page.keyboard.press("Control+a");
    };
    const rounded = (value: number | undefined) => Math.round((value ?? 0) * 1000) / 1000;

    it("aligns and distributes all that is selected, and undoes each in one step", async () => {
      page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.getByRole("button", { name: "Start from it" }).click();
      await page.getByRole("row", { name: /Car/ }).first().waitFor();
      await page.waitForTimeout(300);
      await selectAll();
      await page.getByRole("toolbar", { name: "Arrange" }).waitFor();
      await shoot(page, "arrange-light");
      await expectAccessible(page);

      await page.keyboard.press("Alt+a");
      await expect.poll(() => column("x")).toEqual({ a: 10, b: 10, c: 10 });
      await page.keyboard.press("Control+z");
      await expect.poll(() => column("x")).toEqual({ a: 10, b: 40, c: 60 });
      await page.getByRole("button", { name: /^Align bottoms/ }).click();
      await expect.poll(() => column("y")).toEqual({ a: 70, b: 70, c: 60 });
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Alt+Shift+h");
      await expect.poll(async () => rounded((await column("x")).b)).toBe(40);
      await page.keyboard.press("Alt+Shift+v");
      await expect.poll(async () => rounded((await column("y")).b)).toBe(35);
      await page.keyboard.press("Control+z");
      await expect.poll(async () => rounded((await column("y")).b)).toBe(30);
    });

    it("brings to the front and to the back, a step or all the way", async () => {
      await page.getByRole("row", { name: /Car/ }).first().click();
      await page.keyboard.press("Alt+]");
      await expect.poll(order).toBe("bca");
      await page.keyboard.press("Control+[");
      await expect.poll(order).toBe("bac");
      await page.keyboard.press("Alt+[");
      await expect.poll(order).toBe("abc");
      await page.keyboard.press("Control+z");
      await expect.poll(order).toBe("bac");
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Control+z");
      await expect.poll(order).toBe("abc");
    });

    it("groups: a press takes all, a second one the region alone", async () => {
      await selectAll();
      await page.keyboard.press("Control+g");
      await expect
        .poll(async () => (await results()).map((item) => item.parentID))
        .toEqual([undefined, "a", "a"]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("v");
      await page.mouse.click(...(await at(45, 35)));
      await expect.poll(() => page.locator('.region-row[aria-selected="true"]').count()).toBe(3);
      await page.waitForTimeout(500);
      await page.mouse.click(...(await at(45, 35)));
      await expect.poll(() => page.locator('.region-row[aria-selected="true"]').count()).toBe(1);
      await page.keyboard.press("Control+Shift+g");
      await expect.poll(async () => (await results()).some((item) => "parentID" in item)).toBe(false);
    });

    it("snaps a dragged region to another's side, and shows where", async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+n");
      await page.getByRole("button", { name: /^Snap to regions/, pressed: true }).waitFor();
      const [fromX, fromY] = await at(45, 35);
      const [toX, toY] = await at(15.5, 45);
      await page.mouse.move(fromX, fromY);
      await page.mouse.down();
      await page.mouse.move((fromX + toX) / 2, toY, { steps: 3 });
      await page.mouse.move(toX, toY, { steps: 3 });
      await page.waitForTimeout(100);
      expect(await page.locator(".sl-guides").getAttribute("d")).toMatch(/^M/);
      await shoot(page, "arrange-snapping-light");
      await page.mouse.up();
      await expect.poll(async () => rounded((await column("x")).b)).toBe(10);
      await page.keyboard.press("Control+z");
      await expect.poll(async () => rounded((await column("x")).b)).toBe(40);
      expect(stage.problems).toEqual([]);
    });

    it("looks right in the dark, and sends the order it has", async () => {
      const dark = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "dark" } });
      await dark.getByRole("row", { name: /Car/ }).first().waitFor();
      await dark.waitForTimeout(300);
      await dark.locator(".sl-stage").focus();
      await dark.keyboard.press("Control+a");
      await dark.getByRole("toolbar", { name: "Arrange" }).waitFor();
      await shoot(dark, "arrange-dark");
      await expectAccessible(dark);
    });
  },
  { routes },
);
