/**
 * What the matrix of pairs does not draw on pictures, such as curves and branches: drawn by mouse, sent, opened again,
 * and sent back as it was stored.
 */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

/** A place on the picture, in percent. */
type Place = readonly [x: number, y: number];

interface Case {
  readonly name: string;
  readonly controls: string;
  /** Marks in the picture; the label is picked already. */
  readonly draw: (mouse: Mouse) => Promise<void>;
  readonly check: (item: ResultItem) => void;
}

class Mouse {
  constructor(readonly page: Page) {}

  async to([x, y]: Place): Promise<void> {
    const box = await this.page.locator(".sl-stage").boundingBox();
    if (!box) throw new Error("no canvas");
    const scale = Math.min((box.width - 48) / 400, (box.height - 48) / 300);
    const left = box.x + (box.width - 400 * scale) / 2;
    const top = box.y + (box.height - 300 * scale) / 2;
    await this.page.mouse.move(left + x * 4 * scale, top + y * 3 * scale, { steps: 3 });
    await this.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  async click(place: Place): Promise<void> {
    await this.to(place);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }
  async drag(...places: readonly Place[]): Promise<void> {
    for (const [index, place] of places.entries()) {
      await this.to(place);
      if (index === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }
}

const cases: readonly Case[] = [
  {
    name: "VectorLabels",
    controls: `<VectorLabels name="c" toName="img" curves="true" skeleton="true"><Label value="Road" background="#7f7f7f"/></VectorLabels>`,
    draw: async (mouse) => {
      await mouse.click([10, 80]);
      await mouse.drag([40, 60], [52, 60]);
      await mouse.click([70, 30]);
      // Back to the second point, and a branch from there.
      await mouse.page.waitForTimeout(500);
      await mouse.click([40, 60]);
      await mouse.click([60, 85]);
      await mouse.page.keyboard.press("Enter");
    },
    check: (item) => {
      const vertices = item.value?.vertices as unknown as { id: string; prevPointId: string | null }[];
      const [a, b, c, d] = vertices;
      expect(vertices.map((vertex) => vertex.prevPointId)).toEqual([null, a?.id, b?.id, b?.id]);
      expect(b).toMatchObject({ isBezier: true, controlPoint1: {}, controlPoint2: {} });
      expect([c, d]).toMatchObject([{ isBezier: false }, { isBezier: false }]);
      expect(item.value).toMatchObject({ closed: false, vectorlabels: ["Road"] });
    },
  },
  {
    name: "Vector",
    controls: `<Vector name="c" toName="img" closable="true" maxPoints="9"/>`,
    draw: async (mouse) => {
      for (const place of [
        [20, 20],
        [70, 20],
        [70, 70],
        [20, 70],
        [20, 20],
      ] as const) {
        await mouse.click(place);
        await mouse.page.waitForTimeout(500);
      }
    },
    check: (item) => {
      expect(item.value?.closed).toBe(true);
      expect(item.value?.vertices).toMatchObject({ length: 4 });
    },
  },
  {
    name: "MagicWand beside BrushLabels",
    controls: `<BrushLabels name="b" toName="img"><Label value="Sky" background="#2f7fd1"/></BrushLabels><MagicWand name="c" toName="img" defaultthreshold="2"/>`,
    draw: async (mouse) => {
      await mouse.page.keyboard.press("w");
      await mouse.drag([60, 20], [62, 20], [70, 20]);
    },
    check: (item) => expect(item).toMatchObject({ from_name: "b", type: "brushlabels" }),
  },
];

const routes: Routes = {
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 400, 300),
  }),
};

describeInBrowser(
  "drawing tags",
  (stage) => {
    for (const [index, one] of cases.entries()) {
      it(`${one.name} is drawn, sent, opened again, and sent back to the byte`, async () => {
        const id = 80 + index;
        const config = `<View>${one.controls}<Image name="img" value="$image"/></View>`;
        const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }], id, id * 100);
        Object.assign(routes, queue.routes());
        const page = await stage.open(`/projects/${id}/label`, { settings: { theme: "light" } });
        await page.locator('.sl-stage[data-size*=" "]').waitFor();
        expect(await page.locator(".tag-notice").count()).toBe(0);
        if (one.controls.includes("<Label ")) await page.keyboard.press("1");
        else await page.locator(".image-tools button").nth(2).click();
        await one.draw(new Mouse(page));
        await page.locator(".region-row").first().waitFor();
        await shoot(page, `draw-${one.name}-light`);
        await expectAccessible(page);
        await page.keyboard.press("Control+Enter");
        await expect.poll(() => queue.sent.length).toBe(1);
        const sent = queue.sent[0]?.input.result ?? [];
        one.check(sent[0] as ResultItem);
        const bytes = JSON.stringify(sent);

        const again = await stage.open(`/projects/${id}/data/${queue.firstTask}`, {
          settings: { theme: "dark" },
        });
        await again.locator(".region-row").first().click();
        await again.waitForTimeout(300);
        await shoot(again, `draw-${one.name}-dark`);
        await again.keyboard.press("Control+Enter");
        await expect.poll(() => queue.updated.length).toBe(1);
        expect(JSON.stringify(queue.updated[0]?.input.result)).toBe(bytes);
        expect(stage.problems.splice(0)).toEqual([]);
        await page.context().close();
        await again.context().close();
      });
    }
  },
  { routes },
);
