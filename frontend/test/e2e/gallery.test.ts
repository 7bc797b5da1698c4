/**
 * Every template of the gallery on the real labeling screen: its sample is shown, its expected result is taken
 * over, seen and sent as it came. With it on the screen it is held to axe: all rules in light, those of colours in
 * dark and in high contrast too. THUMBNAILS=write keeps a small picture of each for the gallery.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { type GalleryTemplate, galleryTemplates } from "../harness/gallery";
import { LabelingQueue } from "../harness/labeling";
import { expectAccessibleInThemes } from "../harness/themes";
import { followToScreen } from "../harness/within";

const pictures = fileURLToPath(new URL("../../src/pages/create/pictures", import.meta.url));
const LARGEST_PICTURE = 8 * 1024;
const small = { viewport: { width: 700, height: 460 }, deviceScaleFactor: 0.5 };
const templates = galleryTemplates();
const queues = new Map(templates.map((template, index) => [template.id, queueOf(template, 1000 + index)]));

function queueOf(template: GalleryTemplate, id: number): LabelingQueue {
  const queue = new LabelingQueue(template.config, [template.sample], id, id * 10);
  const prediction = { id: 5, result: template.expected, model_version: "sample", score: 0.9 };
  queue.predictions.set(queue.firstTask, [prediction]);
  return queue;
}

/** Tags that the labeling screen cannot show yet say so, which is no picture of what a template does. */
const notice = ".tag-notice";

/** What was taken over from a prediction says so; nothing else of it may change. */
const takenOver = (items: readonly ResultItem[]) =>
  items.map((item) => (item.type === "relation" ? item : { ...item, origin: "prediction" }));

const routes: Routes = {};

describeInBrowser(
  "the gallery",
  (stage) => {
    let page: Page;
    const whole = new Set<string>();

    beforeAll(async () => {
      if (process.env.THUMBNAILS) mkdirSync(pictures, { recursive: true });
      page = await stage.open("/projects", {
        settings: { theme: "light" },
        ...(process.env.THUMBNAILS ? small : {}),
      });
    });
    afterAll(() => page?.context().close());

    for (const template of templates) {
      it(`shows ${template.group}/${template.id} to everyone, and keeps its result`, async () => {
        const queue = queues.get(template.id) as LabelingQueue;
        Object.assign(routes, queue.routes());
        await followToScreen(page, `/projects/${queue.id}/label`);
        await page.getByRole("button", { name: "Start from it" }).click();
        await page.locator(".label-work").waitFor();
        if ((await page.locator(notice).count()) === 0) {
          whole.add(template.id);
          if (process.env.THUMBNAILS) await picture(page, template.id);
        }
        await expectAccessibleInThemes(page, `template-${template.id}`);
        await page.keyboard.press("Control+Enter");
        await expect.poll(() => queue.sent.length).toBe(1);

        expect(queue.sent[0]?.input.result).toEqual(takenOver(template.expected));
        expect(stage.problems.splice(0)).toEqual([]);
      });
    }

    it("has a small picture of every template that is shown whole", () => {
      const sizes = [...whole].map((id) => {
        const file = join(pictures, `${id}.jpg`);
        return { id, size: existsSync(file) ? statSync(file).size : 0 };
      });
      expect(whole.size).toBeGreaterThan(40);
      expect(sizes.filter(({ size }) => size === 0 || size > LARGEST_PICTURE)).toEqual([]);
    });
  },
  { routes },
);

async function picture(page: Page, id: string): Promise<void> {
  await page.waitForTimeout(400); // images and the first paint of the worker
  const box = await page.locator(".label-scroll").boundingBox();
  if (!box) throw new Error(`${id}: there is nothing to see`);
  const height = Math.min(box.height, (box.width * 5) / 8);
  await page.screenshot({
    path: join(pictures, `${id}.jpg`),
    type: "jpeg",
    quality: 60,
    clip: { x: box.x, y: box.y, width: box.width, height },
  });
}
