/** The labeling screen for everyone, beside what `gallery.test.ts` looks at with each template on it. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { LabelingQueue } from "../harness/labeling";

const routes: Routes = {};

describeInBrowser(
  "the labeling screen, accessibly",
  (stage) => {
    it("says of no tool that is in the picture's toolbar that it has no view", async () => {
      const config = `<View><Image name="i" value="$image"/><Rectangle name="r" toName="i"/><Polygon name="p" toName="i"/></View>`;
      const queue = new LabelingQueue(config, [{ image: "/favicon.svg" }], 2999, 29990);
      Object.assign(routes, queue.routes());
      const page = await stage.open("/projects/2999/label");
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
