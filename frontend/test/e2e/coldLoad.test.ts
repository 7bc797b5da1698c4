/**
 * What a cold load of the labeling screen really fetches, told by Chromium: every script asked for before the picture
 * and its regions are on the screen. The manifest cannot know what is fetched by the machine's own decisions.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, webglFlags } from "../harness/browser";
import { distPath } from "../harness/build";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const manifest = JSON.parse(readFileSync(join(distPath, ".vite/manifest.json"), "utf8")) as Record<
  string,
  { file: string }
>;
const imageView = `/${manifest["src/tags/Image/view.tsx"]?.file}`;

/** KiB of script until the task shows, zipped: worker and all. */
const MOST_KIB = 118;

const queue = new LabelingQueue(
  `<View><RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
   <Image name="img" value="$image"/></View>`,
  [{ image: "/data/media/1.png" }],
);
const regions = Array.from({ length: 200 }, (_, index) => ({
  id: `r${index}`,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 480,
  original_height: 320,
  image_rotation: 0,
  value: { x: index % 90, y: (index * 7) % 90, width: 5, height: 5, rotation: 0, rectanglelabels: ["Car"] },
}));
queue.drafts.set(5, {
  id: 5,
  task: 7001,
  result: regions,
  annotation: null,
  user: "ada@example.com",
} as never);

const routes = {
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 480, 320),
  }),
};

interface Fetched {
  readonly name: string;
  readonly start: number;
}

/** The scripts asked for, with when; and when the picture showed. */
async function coldLoad(page: Page) {
  await page.waitForFunction(() => performance.getEntriesByName("skylabel.picture").length > 0);
  return page.evaluate(() => ({
    shown: performance.getEntriesByName("skylabel.picture")[0]?.startTime ?? 0,
    scripts: (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith(".js"))
      .map(({ name, startTime }): Fetched => ({ name: new URL(name).pathname, start: startTime })),
  }));
}

const zipped = (path: string) => gzipSync(readFileSync(join(distPath, path)), { level: 9 }).length / 1024;

for (const [renderer, args] of [
  ["worker2d", []],
  ["gl", webglFlags],
] as const)
  describeInBrowser(
    `a cold load of the labeling screen with ${renderer}`,
    (stage) => {
      it(`fetches at most ${MOST_KIB} KiB of script before the picture and its regions show`, async () => {
        const page = await stage.open(`/projects/${queue.id}/label?renderer=${renderer}`);
        const { scripts, shown } = await coldLoad(page);
        const before = scripts.filter(({ start }) => start < shown);
        const sum = before.reduce((total, { name }) => total + zipped(name), 0);
        console.info(`${renderer}: ${before.length} scripts, ${sum.toFixed(1)} KiB zipped`);
        for (const one of scripts) console.info(one.start < shown, one.name, zipped(one.name).toFixed(2));

        expect(before.length).toBeGreaterThan(5);
        expect(sum).toBeLessThanOrEqual(MOST_KIB);
        expect(stage.problems).toEqual([]);
      });

      it("asks for project and task at once, for the tags while the task comes, for the picture while they do", async () => {
        const page = await stage.open("/no-such-page");
        const asked = (part: string) => page.waitForRequest((request) => request.url().includes(part));
        // Each answer waits for the next question: whoever asked one after the other would wait for ever.
        const chain = [
          [`/api/projects/${queue.id}/`, `/projects/${queue.id}/next/`],
          [`/projects/${queue.id}/next/`, imageView],
          [imageView, "/data/media/1.png"],
        ] as const;
        for (const [held, until] of chain) {
          const come = asked(until);
          await page.route(
            (url) => url.pathname.endsWith(held),
            async (route) => {
              await come;
              await route.continue();
            },
          );
        }
        await page.goto(`${stage.server.url}/projects/${queue.id}/label?renderer=${renderer}`);
        await page.waitForFunction(() => performance.getEntriesByName("skylabel.picture").length > 0);

        expect(stage.problems).toEqual([]);
      });

      it("brings the rest when it is quiet: menus, and dialogs for being offline", async () => {
        const page = await stage.open(`/projects/${queue.id}/label?renderer=${renderer}`);
        await page.getByRole("button", { name: "Account and theme" }).waitFor();
        await page.context().setOffline(true);
        await page.getByRole("button", { name: /^Keys/ }).click();
        await page.getByRole("dialog").waitFor();

        expect(stage.problems).toEqual([]);
      });
    },
    { routes, args },
  );
