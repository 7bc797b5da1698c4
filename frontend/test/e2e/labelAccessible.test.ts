/**
 * Every template of the gallery on the labeling screen, with its expected result on it, held to axe: all rules in
 * light, those of colours in dark and in high contrast too.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { galleryTemplates } from "../harness/gallery";
import { LabelingQueue } from "../harness/labeling";

const templates = galleryTemplates();
const routes: Routes = {};
const colours = ["color-contrast", "link-in-text-block"];

describeInBrowser(
  "the labeling screen, accessibly",
  (stage) => {
    let page: Page;
    beforeAll(async () => {
      page = await stage.open("/projects", { settings: { theme: "light" } });
    });
    afterAll(() => page?.context().close());

    for (const [index, template] of templates.entries()) {
      it(`shows ${template.group}/${template.id} to everyone`, async () => {
        const id = 3000 + index;
        const queue = new LabelingQueue(template.config, [template.sample], id, id * 10);
        const prediction = { id: 5, result: template.expected, model_version: "sample", score: 0.9 };
        queue.predictions.set(queue.firstTask, [prediction]);
        Object.assign(routes, queue.routes());
        await page.goto(`${stage.server.url}/projects/${id}/label`);
        await page.getByRole("button", { name: "Start from it" }).click();
        await page.locator(".label-work").waitFor();
        await expectAccessible(page);
        for (const theme of ["dark", "contrast"]) {
          await page.evaluate((worn) => {
            document.documentElement.dataset.theme = worn;
          }, theme);
          await shoot(page, `template-${template.id}-${theme}`);
          await expectAccessible(page, { only: colours });
        }
      });
    }

    it("says of no tool that is in the picture's toolbar that it has no view", async () => {
      const config = `<View><Image name="i" value="$image"/><Rectangle name="r" toName="i"/><Polygon name="p" toName="i"/></View>`;
      const queue = new LabelingQueue(config, [{ image: "/favicon.svg" }], 2999, 29990);
      Object.assign(routes, queue.routes());
      await page.goto(`${stage.server.url}/projects/2999/label`);
      await page.getByRole("button", { name: "Polygon (P)" }).waitFor();
      expect(await page.locator(".tag-notice").count()).toBe(0);
    });

    it("wears high contrast where the system asks for it, and what is pinned where it is", async () => {
      const worn = (on: Page) => on.evaluate(() => document.documentElement.dataset.theme);
      const wishing = await stage.open("/projects", { contrast: "more" });
      await wishing.getByText("Street scenes").waitFor();
      expect(await worn(wishing)).toBe("contrast");
      await expectAccessible(wishing);
      const pinned = await stage.open("/projects", { contrast: "more", settings: { theme: "light" } });
      await pinned.getByText("Street scenes").waitFor();
      expect(await worn(pinned)).toBe("light");
    });
  },
  { routes },
);
