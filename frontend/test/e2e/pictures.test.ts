/**
 * The pictures of the documentation: the labeling screen at each kind of work, in light and in dark. PICTURES=write
 * makes them anew; otherwise they are looked for, and the page that shows them is held to them.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { LabelingQueue } from "../harness/labeling";
import { type Scene, showcase } from "../harness/showcase";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));
const folder = join(docs, "screenshots", "label");
const LARGEST = 100 * 1024;
const themes = ["light", "dark"] as const;
const scenes = showcase();
const nameOf = (scene: Scene, theme: string) => `${scene.id}-${theme}.jpg`;

describe("the pictures of the documentation", () => {
  it.each(scenes.map((scene) => [scene.id, scene] as const))(
    "has %s in light and dark, and small",
    (_, scene) => {
      const page = readFileSync(join(docs, "labeling.md"), "utf8");
      for (const theme of themes) {
        const file = join(folder, nameOf(scene, theme));
        expect(existsSync(file), `${file}: PICTURES=write npm run test:e2e -- pictures`).toBe(true);
        expect(statSync(file).size).toBeLessThan(LARGEST);
        expect(page).toContain(`screenshots/label/${nameOf(scene, theme)}`);
      }
    },
  );
});

const routes: Routes = {};

if (process.env.PICTURES)
  describeInBrowser(
    "taking pictures",
    (stage) => {
      for (const theme of themes)
        it(`in ${theme}`, async () => {
          mkdirSync(folder, { recursive: true });
          const viewport = { width: 1120, height: 700 };
          const page = await stage.open("/projects", { viewport, settings: { theme } });
          for (const [index, scene] of scenes.entries()) {
            const queue = queueOf(scene, 3000 + index);
            Object.assign(routes, queue.routes());
            await page.goto(`${stage.server.url}/projects/${queue.id}/label`);
            await page.getByRole("button", { name: "Start from it" }).click();
            if (scene.config.includes("<Image"))
              await page.locator('.sl-stage[data-size*=" "]').first().waitFor();
            const rows = page.locator(".region-row");
            if (await rows.count()) await rows.first().click();
            await page.locator('.label-status[data-kind="saved"]').waitFor();
            await page.waitForTimeout(400); // the paint of the worker
            await page.screenshot({ path: join(folder, nameOf(scene, theme)), type: "jpeg", quality: 82 });
          }
          expect(stage.problems).toEqual([]);
        });
    },
    { routes },
  );

function queueOf(scene: Scene, id: number): LabelingQueue {
  const queue = new LabelingQueue(scene.config, [scene.sample, scene.sample], id, id * 10);
  queue.settings = { title: scene.title };
  queue.predictions.set(queue.firstTask, [
    { id: 5, result: scene.result, model_version: "sample", score: 0.9 },
  ]);
  return queue;
}
