/** Pictures that no browser holds whole: in tiles, and as one file too large to keep. Counts, not times. */
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Inspection } from "../../src/canvas/editor";
import { browserMissing, launch, shoot } from "../harness/browser";
import { buildCanvasHarness } from "../harness/canvas/build";
import type { ApiRequest } from "../harness/fakeApi";
import { chequered, png } from "../harness/png";
import { startServer } from "../harness/server";

type Tested = Window & {
  __skylabel: {
    inspect(): Inspection;
    editor: {
      view: { zoomSet(scale: number): void; panBy(by: object): void; fit(): void };
      setTool(name: string): void;
    };
    results(): readonly { original_width?: number; value?: Record<string, number> }[];
  };
};

const MB = 1048576;
const WIDTH = 30_000;
const HEIGHT = 20_000;
const TOP = 7;

/** A tile says where it is: red by level, green by column, blue by row. */
const asked: string[] = [];
function tile({ params }: ApiRequest) {
  const [z, x, y] = [params.z, params.x, params.y?.replace(".png", "")].map(Number) as [
    number,
    number,
    number,
  ];
  asked.push(`${z}/${x}/${y}`);
  const step = 256 * 2 ** (TOP - z);
  if (x * step >= WIDTH || y * step >= HEIGHT) return { status: 404 };
  const colour = [30 * z, (x * 37) % 256, (y * 59) % 256] as const;
  return { headers: { "Content-Type": "image/png" }, body: png(256, 256, () => colour) };
}
const big = chequered(12_000, 8_000, 500);

describe.skipIf(browserMissing !== null)("a picture of 600 million pixels", () => {
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    const server = await startServer({
      dist: await buildCanvasHarness(),
      routes: {
        "GET /data/tiles/:z/:x/:y": tile,
        "GET /data/big.png": () => ({ headers: { "Content-Type": "image/png" }, body: big }),
      },
    });
    browser = await launch();
    url = server.url;
    return async () => {
      await browser.close();
      await server.close();
    };
  });

  async function open(address: unknown): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}/?address=${encodeURIComponent(JSON.stringify(address))}`);
    await page.waitForFunction(() => (window as unknown as Tested).__skylabel?.inspect().ready);
    return page;
  }
  const inspect = (page: Page) => page.evaluate(() => (window as unknown as Tested).__skylabel.inspect());
  const counts = async (page: Page) => (await inspect(page)).counters as Record<string, number>;
  const zoom = (page: Page, scale: number) =>
    page.evaluate((to) => (window as unknown as Tested).__skylabel.editor.view.zoomSet(to), scale);
  const pan = (page: Page, x: number, y: number) =>
    page.evaluate((by) => (window as unknown as Tested).__skylabel.editor.view.panBy(by), { x, y });
  /** Until nothing more is asked for. */
  async function settle(page: Page): Promise<void> {
    for (let before = -1, now = asked.length; before !== now; now = asked.length) {
      before = now;
      await page.waitForTimeout(250);
    }
  }
  const colourAt = (page: Page, x: number, y: number) =>
    page.evaluate(
      ([px, py]) => {
        const canvas = document.querySelectorAll("canvas")[0] as HTMLCanvasElement;
        return [...(canvas.getContext("2d")?.getImageData(px, py, 1, 1).data ?? [])].slice(0, 3);
      },
      [x, y] as const,
    );

  test("in tiles: asks for what is in sight, draws it in its place, holds no more than its limit", async () => {
    const page = await open({ tiles: "/data/tiles/{z}/{x}/{y}.png", width: WIDTH, height: HEIGHT });
    await settle(page);
    expect((await inspect(page)).image).toEqual({ width: WIDTH, height: HEIGHT });
    // All of it in sight: the level whose pixels are just enough (8 by 5 tiles), and the ground.
    expect(asked.length).toBeLessThanOrEqual(8 * 5 + 1);
    expect(new Set(asked).size).toBe(asked.length);

    asked.length = 0;
    await zoom(page, 1);
    await settle(page);
    expect(new Set(asked.map((one) => one.split("/")[0]))).toEqual(new Set(["7"]));
    expect(asked.length).toBeLessThanOrEqual(7 * 5);
    const { view } = await inspect(page);
    const [column, row] = [640, 400].map((at, axis) =>
      Math.floor((at - (axis ? view.y : view.x)) / view.scale / 256),
    ) as [number, number];
    expect(await colourAt(page, 640, 400)).toEqual([210, (column * 37) % 256, (row * 59) % 256]);
    await shoot(page, "tiles-sharp");

    let most = 0;
    for (let step = 0; step < 30; step += 1) {
      await pan(page, step % 2 ? -900 : 700, step % 3 ? -500 : 900);
      await page.waitForTimeout(40);
      most = Math.max(most, (await counts(page)).bitmapBytes as number);
    }
    await settle(page);
    expect(most).toBeLessThanOrEqual(256 * MB);
    expect((await counts(page)).tilesFailed).toBe(0);

    await page.evaluate(() => (window as unknown as Tested).__skylabel.editor.setTool("box"));
    await page.mouse.move(500, 300);
    await page.mouse.down();
    await page.mouse.move(600, 350, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => (window as unknown as Tested).__skylabel.results().length === 1);
    const [drawn] = await page.evaluate(() => (window as unknown as Tested).__skylabel.results());
    expect(drawn?.original_width).toBe(WIDTH);
    expect(drawn?.value?.width).toBeCloseTo((100 / WIDTH) * 100, 6);
  });

  test("as one file of 96 million: a coarse whole, and one sharp patch of what is in sight", async () => {
    const page = await open("/data/big.png");
    await expect.poll(async () => (await counts(page)).tilesHeld).toBeGreaterThanOrEqual(4);
    const coarse = await counts(page);
    expect(coarse.tilesAsked).toBe(0);
    expect(coarse.bitmapBytes as number).toBeLessThanOrEqual(100 * MB);

    await zoom(page, 1);
    await expect.poll(async () => (await counts(page)).tilesAsked).toBe(1);
    await expect
      .poll(async () => (await counts(page)).bitmapBytes as number)
      .toBeGreaterThan(coarse.bitmapBytes as number);
    const { view } = await inspect(page);
    const [x, y] = [640, 400].map((at, axis) => Math.floor((at - (axis ? view.y : view.x)) / 500)) as [
      number,
      number,
    ];
    expect(await colourAt(page, 640, 400)).toEqual((x + y) % 2 ? [40, 90, 200] : [250, 250, 250]);
    await shoot(page, "large-sharp");
    // Within what the patch has more than the screen, nothing is cut anew; far beyond it, once.
    await pan(page, 60, 40);
    await page.waitForTimeout(400);
    expect((await counts(page)).tilesAsked).toBe(1);
    for (let step = 0; step < 10; step += 1) await pan(page, 200, 100);
    await expect.poll(async () => (await counts(page)).tilesAsked).toBe(2);
    await page.waitForTimeout(500);
    expect((await counts(page)).tilesAsked).toBe(2);
    expect((await counts(page)).bitmapBytes as number).toBeLessThanOrEqual(256 * MB);
    expect((await counts(page)).tilesFailed).toBe(0);
  });
});
