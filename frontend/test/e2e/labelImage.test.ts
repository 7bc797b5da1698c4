import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img">
    <Label value="Car" background="#d93a3a"/>
    <Label value="Tree" background="#2e9e4f"/>
  </RectangleLabels>
  <PolygonLabels name="area" toName="img"><Label value="Lake" background="#2f7fd1"/></PolygonLabels>
  <Image name="img" value="$image" rotateControl="true" brightnessControl="true"/>
  <TextArea name="note" toName="img" perRegion="true"/>
</View>`;

const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }, { image: "/data/media/2.png" }]);
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": ({ params }: { params: Record<string, string> }) => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(Number(params.name?.[0]), 480, 320),
  }),
};

/** Gives the screen point of a share of the picture, which is shown fitted with 24 pixels around it. */
async function pointer(page: Page): Promise<(x: number, y: number) => [number, number]> {
  const box = await page.locator(".sl-stage").boundingBox();
  if (box === null) throw new Error("no canvas");
  const scale = Math.min((box.width - 48) / 480, (box.height - 48) / 320);
  const [left, top] = [box.x + (box.width - 480 * scale) / 2, box.y + (box.height - 320 * scale) / 2];
  return (x, y) => [left + x * 480 * scale, top + y * 320 * scale];
}

describeInBrowser(
  "labeling an image",
  (stage) => {
    for (const [width, height] of [
      [1280, 720],
      [1440, 900],
      [2560, 1440],
    ] as const)
      it(`has the picture and all labels in sight at ${width} × ${height}`, async () => {
        const page = await stage.open(`/projects/${queue.id}/label`, { viewport: { width, height } });
        await page.locator(".sl-stage").waitFor();
        await page.waitForFunction(() => {
          const work = document.querySelector(".label-work") as HTMLElement;
          return work.style.getPropertyValue("--image-height") !== "";
        });
        const place = await page.evaluate(() => {
          const scroll = document.querySelector(".label-scroll") as HTMLElement;
          const image = document.querySelector(".image-tag") as HTMLElement;
          return { over: scroll.scrollHeight - scroll.clientHeight, image: image.clientHeight };
        });
        await shoot(page, `label-fits-${width}`);
        expect(place.over).toBeLessThanOrEqual(0);
        expect(place.image).toBeGreaterThan(height * 0.6);
        await page.close();
      });

    for (const [locale, submit, regions] of [
      ["de", /^Absenden/, "Regionen"],
      ["ar", /^أرسل/, "المناطق"],
    ] as const)
      it(`speaks ${locale}, accessibly`, async () => {
        const page = await stage.open(`/projects/${queue.id}/label`, { settings: { locale } });
        await page.getByRole("button", { name: submit }).waitFor();
        await page.getByRole("heading", { name: new RegExp(regions) }).waitFor();
        await page.locator(".sl-stage").waitFor();
        await shoot(page, `label-image-${locale}`);
        await expectAccessible(page);
        await page.close();
      });

    it("picks labels by key, draws, moves, undoes and submits what was drawn", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.locator('.sl-stage[data-size*=" "]').waitFor();
      const at = await pointer(page);
      const drag = async (from: [number, number], to: [number, number]) => {
        await page.mouse.move(...at(...from));
        await page.mouse.down();
        await page.mouse.move(...at((from[0] + to[0]) / 2, to[1]));
        await page.mouse.move(...at(...to));
        await page.mouse.up();
      };
      await drag([0.1, 0.1], [0.2, 0.2]);
      await page.keyboard.press("1");
      await drag([0.25, 0.25], [0.5, 0.5]);
      await page.getByRole("row", { name: /Car/ }).waitFor();
      await page.keyboard.press("2");
      await drag([0.6, 0.1], [0.8, 0.4]);
      await page.getByRole("row", { name: /Tree/ }).waitFor();
      await page.keyboard.press("3");
      for (const [x, y] of [
        [0.2, 0.6],
        [0.5, 0.65],
        [0.4, 0.9],
      ] as const)
        await page.mouse.click(...at(x, y));
      await page.keyboard.press("Enter");
      await page.getByRole("row", { name: /Lake/ }).waitFor();
      await page.keyboard.press("Control+z");
      await page.getByRole("row", { name: /Lake/ }).waitFor({ state: "detached" });
      await page.keyboard.press("Control+Shift+z");
      await page.getByRole("row", { name: /Lake/ }).waitFor();

      await page.keyboard.press("v");
      await drag([0.4, 0.4], [0.45, 0.4]);
      await page.keyboard.press("Shift+ArrowDown");
      await shoot(page, "label-image-light");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      const result = queue.sent[0]?.input.result ?? [];
      expect(result.map((item) => item.type)).toEqual([
        "rectanglelabels",
        "rectanglelabels",
        "polygonlabels",
      ]);
      const value = result[0]?.value as unknown as Record<string, number>;
      expect(value.rectanglelabels).toEqual(["Car"]);
      expect(value.x).toBeCloseTo(30, 1);
      expect(value.y).toBeCloseTo(25 + (10 / 320) * 100, 1);
      expect(value.width).toBeCloseTo(25, 1);
      expect(result[0]).toMatchObject({
        original_width: 480,
        original_height: 320,
        to_name: "img",
        origin: "manual",
      });
      expect(stage.problems).toEqual([]);
      await page.close();
    });

    it("makes a box by keyboard alone, in the dark theme, and selects it", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "dark" } });
      await page.locator('.sl-stage[data-size*=" "]').waitFor();
      await page.keyboard.press("1");
      await page.locator(".sl-stage").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("row", { name: /Car/ }).waitFor();
      await shoot(page, "label-image-dark");
      expect(await page.locator(".sl-chip").count()).toBe(1);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes },
);
