import type { Browser, Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Inspection } from "../../src/canvas/editor";
import type { ResultItem } from "../../src/store/result";
import { browserMissing, expectAccessible, launch, shoot, webglFlags } from "../harness/browser";
import { buildCanvasHarness } from "../harness/canvas/build";
import { startServer } from "../harness/server";

interface Exposed {
  inspect(): Inspection;
  results(): readonly ResultItem[];
  arrows?: { measured: number; drawn: number; moved: number };
  chosen: number[];
  editor: {
    setTool(name: string): void;
    setActive(active: object): void;
    readPixel(x: number, y: number): Promise<readonly number[]>;
    view: { zoomBy(f: number): void; panBy(p: object): void; rotate(q: number): void };
    setLabels(labels: object[]): void;
    inspect(): Inspection;
    desk: {
      shapeOf(key: string): unknown;
      preview(shapes: Map<string, object> | null): void;
      pick(at: object): string | undefined;
    };
  };
  annotation: { undo(): void; redo(): void; selection: { set(keys: string[]): void } };
}
type Tested = Window & { __skylabel: Exposed };

class Canvas {
  constructor(readonly page: Page) {}

  inspect(): Promise<Inspection> {
    return this.page.evaluate(() => (window as unknown as Tested).__skylabel.inspect());
  }
  results(): Promise<readonly ResultItem[]> {
    return this.page.evaluate(() => (window as unknown as Tested).__skylabel.results());
  }
  /** The corners of the first region, which is a polygon. */
  async corners(): Promise<number[][]> {
    return ((await this.results())[0]?.value?.points ?? []) as unknown as number[][];
  }
  async last(): Promise<Record<string, number>> {
    return (await this.results()).at(-1)?.value as unknown as Record<string, number>;
  }
  tool(name: string, control: string, labels: string[], labelsControl?: string): Promise<void> {
    return this.page.evaluate(
      ([tool, active]) => {
        const { editor } = (window as unknown as Tested).__skylabel;
        editor.setActive(active as object);
        editor.setTool(tool as string);
      },
      [name, { control, labels, ...(labelsControl ? { labelsControl } : {}) }] as const,
    );
  }
  /** Until nothing is left to draw. */
  async settle(): Promise<void> {
    await this.page.waitForFunction(() => (window as unknown as Tested).__skylabel?.inspect().ready === true);
  }
  /** Where an image pixel is on the screen. */
  async at(x: number, y: number): Promise<[number, number]> {
    const { view } = await this.inspect();
    return [view.x + x * view.scale, view.y + y * view.scale];
  }
  async move(x: number, y: number): Promise<void> {
    await this.page.mouse.move(...(await this.at(x, y)));
    await this.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  /** Some frames, each with a step of panning, or of dragging one region that is selected. */
  async frames(what: "pan" | "drag", count: number): Promise<void> {
    await this.page.evaluate(
      async ([kind, times]) => {
        const { editor, annotation } = (window as unknown as Tested).__skylabel;
        const shape = editor.desk.shapeOf("r5000") as { x: number };
        if (kind === "drag") annotation.selection.set(["r5000"]);
        for (let i = 1; i <= times; i += 1) {
          if (kind === "pan") editor.view.panBy({ x: 3, y: 2 });
          else editor.desk.preview(new Map([["r5000", { ...shape, x: shape.x + i }]]));
          await new Promise(requestAnimationFrame);
        }
        editor.desk.preview(null);
      },
      [what, count] as const,
    );
    await this.settle();
  }
  /** What lies under so many points of the screen. */
  hover(points: number): Promise<void> {
    return this.page.evaluate((count) => {
      const { editor } = (window as unknown as Tested).__skylabel;
      for (let i = 0; i < count; i += 1) editor.desk.pick({ x: (i * 37) % 1200, y: (i * 53) % 700 });
    }, points);
  }
  async click(x: number, y: number): Promise<void> {
    await this.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }
  async drag(from: [number, number], to: [number, number]): Promise<void> {
    await this.move(...from);
    await this.page.mouse.down();
    await this.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await this.move(...to);
    await this.page.mouse.up();
    await this.settle();
  }
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
    await this.settle();
  }
  async pixel(x: number, y: number): Promise<readonly number[]> {
    const [sx, sy] = await this.at(x, y);
    return this.page.evaluate(
      ([px, py]) => (window as unknown as Tested).__skylabel.editor.readPixel(px, py),
      [sx, sy] as const,
    );
  }
}

const percent = (x: number, y: number) => [(x / 1600) * 100, (y / 1200) * 100] as const;

describe.skipIf(browserMissing !== null).each([["worker2d"], ["gl"]] as const)(
  "image canvas with %s",
  (renderer) => {
    let browser: Browser;
    let url: string;
    const problems: string[] = [];

    beforeAll(async () => {
      const server = await startServer({ dist: await buildCanvasHarness() });
      browser = await launch({ args: renderer === "gl" ? webglFlags : [] });
      url = server.url;
      return async () => {
        await browser.close();
        await server.close();
      };
    });
    afterEach(() => {
      expect(problems.splice(0)).toEqual([]);
    });

    async function open(query = ""): Promise<Canvas> {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on("pageerror", (error) => problems.push(error.stack ?? String(error)));
      await page.goto(`${url}/?renderer=${renderer}&${query}`);
      const canvas = new Canvas(page);
      await canvas.settle();
      await page.locator(".sl-stage").focus();
      return canvas;
    }

    test("a box is drawn by dragging, moved, resized, turned, deleted, and all of it undone and redone", async () => {
      const canvas = await open();
      await canvas.tool("box", "box", ["Car"]);
      await canvas.drag([400, 300], [800, 600]);
      const [drawn] = await canvas.results();
      expect(drawn).toMatchObject({
        id: "n0",
        from_name: "box",
        to_name: "img",
        type: "rectanglelabels",
        origin: "manual",
        original_width: 1600,
        original_height: 1200,
        image_rotation: 0,
        value: { rotation: 0, rectanglelabels: ["Car"] },
      });
      const value = await canvas.last();
      const [x, y] = percent(400, 300);
      expect(value.x).toBeCloseTo(x, 4);
      expect(value.y).toBeCloseTo(y, 4);
      expect(value.width).toBeCloseTo(25, 4);
      await shoot(canvas.page, `canvas-${renderer}-box`);

      await canvas.tool("select", "box", ["Car"]);
      await canvas.drag([600, 450], [700, 500]);
      const moved = await canvas.last();
      expect(moved.x).toBeCloseTo(percent(500, 0)[0], 4);
      expect(moved.y).toBeCloseTo(percent(0, 350)[1], 4);
      expect(moved.width).toBe(value.width);

      await canvas.drag([900, 650], [1000, 750]);
      const resized = await canvas.last();
      expect(resized.x).toBe(moved.x);
      expect(resized.width).toBeCloseTo(percent(500, 0)[0], 4);
      expect(resized.height).toBeCloseTo(percent(0, 400)[1], 4);

      const { scale } = (await canvas.inspect()).view;
      await canvas.drag([750, 350 - 22 / scale], [750 + 300, 550]);
      const turned = await canvas.last();
      expect(turned.rotation).toBeCloseTo(90, 0);
      expect(turned.width).toBe(resized.width);
      await shoot(canvas.page, `canvas-${renderer}-turned`);

      await canvas.press("Delete");
      expect(await canvas.results()).toEqual([]);
      await canvas.press("Control+z");
      expect(await canvas.last()).toEqual(turned);
      expect((await canvas.inspect()).selection).toEqual(["n0"]);
      await canvas.press("Control+z", "Control+z", "Control+z", "Control+z");
      expect(await canvas.results()).toEqual([]);
      await canvas.press("Control+Shift+z", "Control+Shift+z", "Control+Shift+z", "Control+Shift+z");
      expect(await canvas.last()).toEqual(turned);
    });

    test("a box is made, moved, resized, turned and deleted with the mouse unused", async () => {
      const canvas = await open();
      await canvas.tool("box", "box", ["Tree"]);
      await canvas.press("Enter");
      const made = await canvas.last();
      await canvas.press("ArrowRight", "Shift+ArrowDown", "Alt+ArrowRight");
      const after = await canvas.last();
      expect(after.x).toBeCloseTo((made.x as number) + 100 / 1600, 9);
      expect(after.y).toBeCloseTo((made.y as number) + 1000 / 1200, 9);
      expect(after.width).toBeCloseTo((made.width as number) + 100 / 1600, 9);
      await canvas.press(".", "Shift+>");
      expect((await canvas.last()).rotation).toBe(16);
      await canvas.press("Delete");
      expect(await canvas.results()).toEqual([]);
      await canvas.press("Control+z");
      expect((await canvas.last()).rotation).toBe(16);
      await canvas.press("Escape");
      expect((await canvas.inspect()).tool).toBe("select/idle");
      await canvas.press("Escape");
      expect((await canvas.inspect()).selection).toEqual([]);
      await canvas.press("Tab");
      expect((await canvas.inspect()).selection).toEqual(["n0"]);
    });

    test("a polygon is clicked, closed on its first corner, edited by corner and edge", async () => {
      const canvas = await open();
      await canvas.tool("polygon", "poly", ["Roof"]);
      for (const [x, y] of [
        [400, 300],
        [800, 300],
        [900, 700],
        [1000, 1000],
      ] as const)
        await canvas.click(x, y);
      await canvas.press("Backspace");
      await canvas.click(500, 700);
      await canvas.move(404, 303);
      await shoot(canvas.page, `canvas-${renderer}-polygon-closing`);
      await canvas.click(404, 303);
      await canvas.settle();
      const points = await canvas.corners();
      expect(points.length).toBe(4);
      expect((await canvas.results())[0]?.value).toMatchObject({ closed: true, polygonlabels: ["Roof"] });

      await canvas.drag([800, 300], [850, 250]);
      const pulled = await canvas.corners();
      expect(pulled[1]?.[0]).toBeCloseTo(percent(850, 0)[0], 4);
      expect(pulled[0]).toEqual(points[0]);
      await canvas.drag([700, 700], [700, 900]);
      expect((await canvas.corners()).length).toBe(5);
      await shoot(canvas.page, `canvas-${renderer}-polygon`);
      await canvas.tool("select", "poly", []);
      await canvas.page.keyboard.down("Alt");
      await canvas.click(700, 900);
      await canvas.page.keyboard.up("Alt");
      await canvas.settle();
      expect((await canvas.results())[0]?.value?.points).toEqual(pulled);
      await canvas.drag([700, 500], [740, 500]);
      await canvas.press("Control+z", "Control+z", "Control+z", "Control+z");
      expect((await canvas.results())[0]?.value?.points).toEqual(points);
    });

    test("a polygon in drawing closes on Enter and on a double click, and Escape leaves no trace", async () => {
      const canvas = await open();
      await canvas.tool("polygon", "poly", ["Roof"]);
      for (const [x, y] of [
        [400, 300],
        [800, 300],
      ] as const)
        await canvas.click(x, y);
      await canvas.press("Escape");
      expect(await canvas.results()).toEqual([]);
      expect((await canvas.inspect()).counters.undoSteps).toBe(0);
      for (const [x, y] of [
        [400, 300],
        [800, 300],
        [600, 600],
      ] as const)
        await canvas.click(x, y);
      await canvas.press("Enter");
      expect((await canvas.results()).length).toBe(1);
      await canvas.press("Escape", "Escape");
      await canvas.tool("polygon", "poly", ["Road"]);
      for (const [x, y] of [
        [1000, 300],
        [1400, 300],
        [1200, 600],
      ] as const)
        await canvas.click(x, y);
      await canvas.page.mouse.down();
      await canvas.page.mouse.up();
      await canvas.settle();
      const results = await canvas.results();
      expect(results.length).toBe(2);
      expect(results[1]?.value?.points).toHaveLength(3);
    });

    test("a polygon is made and its corners moved, added and removed with the mouse unused", async () => {
      const canvas = await open();
      await canvas.tool("polygon", "poly", ["Lake"]);
      await canvas.press("Enter");
      const made = await canvas.corners();
      expect(made.length).toBe(4);
      await canvas.press("Escape", "Enter", "Tab", "ArrowRight", "Shift+ArrowUp");
      const moved = await canvas.corners();
      expect(moved[1]?.[0]).toBeCloseTo((made[1]?.[0] ?? 0) + 100 / 1600, 9);
      expect(moved[1]?.[1]).toBeCloseTo((made[1]?.[1] ?? 0) - 1000 / 1200, 9);
      expect(moved[0]).toEqual(made[0]);
      await shoot(canvas.page, `canvas-${renderer}-corners`);
      await canvas.press("Insert");
      expect((await canvas.corners()).length).toBe(5);
      await canvas.press("Delete");
      expect(await canvas.corners()).toEqual(moved);
      await canvas.press("Escape");
      expect((await canvas.inspect()).tool).toBe("select/idle");
      await canvas.press("Control+z", "Control+z", "Control+z");
      expect(await canvas.corners()).toEqual(made);
    });

    test("two fingers zoom and move the picture and change nothing", async () => {
      const canvas = await open("count=20&kind=boxes");
      const before = await canvas.inspect();
      const client = await canvas.page.context().newCDPSession(canvas.page);
      const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: [number, number][]) =>
        client.send("Input.dispatchTouchEvent", {
          type,
          touchPoints: points.map(([x, y], id) => ({ x, y, id })),
        });
      await touch("touchStart", [[600, 400]]);
      await touch("touchStart", [
        [600, 400],
        [700, 400],
      ]);
      for (const spread of [20, 60, 100]) {
        await touch("touchMove", [
          [600 - spread, 400],
          [700 + spread, 400],
        ]);
      }
      await touch("touchEnd", []);
      await canvas.settle();
      const after = await canvas.inspect();
      expect(after.view.scale / before.view.scale).toBeCloseTo(3, 0);
      expect(after.counters.undoSteps).toBe(0);
    });

    test("ellipses and key points are drawn, moved and changed by mouse and by keyboard", async () => {
      const canvas = await open();
      await canvas.tool("ellipse", "ell", ["Dog"]);
      await canvas.drag([400, 400], [800, 600]);
      const ellipse = await canvas.last();
      expect(ellipse.x).toBeCloseTo(percent(600, 0)[0], 4);
      expect(ellipse.radiusX).toBeCloseTo(percent(200, 0)[0], 4);
      expect(ellipse.radiusY).toBeCloseTo(percent(0, 100)[1], 4);
      await canvas.press("Escape");
      await canvas.drag([800, 500], [900, 500]);
      expect((await canvas.last()).radiusX).toBeCloseTo(percent(250, 0)[0], 4);
      await canvas.tool("point", "key", ["Nose"]);
      await canvas.click(1200, 300);
      await canvas.settle();
      const point = await canvas.last();
      expect(point.x).toBeCloseTo(75, 4);
      await canvas.press("ArrowLeft", "Escape");
      expect((await canvas.last()).x).toBeCloseTo(75 - 100 / 1600, 4);
      await canvas.drag([1199, 300], [1299, 400]);
      expect((await canvas.last()).y).toBeCloseTo(percent(0, 400)[1], 4);
      // All before the next frame: what was just made can be copied at once.
      await canvas.page.evaluate(() => {
        const stage = document.querySelector(".sl-stage");
        for (const key of ["d", "c", "v"]) {
          stage?.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true }));
        }
      });
      await canvas.settle();
      expect((await canvas.results()).length).toBe(4);
      await shoot(canvas.page, `canvas-${renderer}-ellipse-point`);
      await canvas.press("Control+a", "Delete");
      expect(await canvas.results()).toEqual([]);
      await canvas.press("Control+z");
      expect((await canvas.results()).length).toBe(4);
    });

    test("a box is drawn by two clicks, whole pixels where the control snaps, two items with a Labels", async () => {
      const canvas = await open();
      await canvas.tool("box", "pixel", ["Car"], "lab");
      await canvas.click(400.4, 300.4);
      await canvas.click(800.3, 600.2);
      await canvas.settle();
      const [box, label] = (await canvas.results()) as [ResultItem, ResultItem];
      expect(box).toMatchObject({ type: "rectangle", from_name: "pixel" });
      expect(label).toMatchObject({
        type: "labels",
        from_name: "lab",
        id: box.id,
        value: { labels: ["Car"] },
      });
      expect(box.value).toMatchObject({ x: 25, y: 25, width: 25, height: 25 });
      await canvas.press("Escape", "ArrowRight");
      const [a, b] = (await canvas.results()) as [ResultItem, ResultItem];
      expect(a.value?.x).toBe(b.value?.x);
      expect(a.value?.x).not.toBe(25);
    });

    test("Escape in the middle of a drag leaves the document untouched", async () => {
      const canvas = await open("count=40&kind=boxes");
      const before = await canvas.results();
      const value = before[10]?.value as unknown as Record<string, number>;
      const [x, y] = [(value.x as number) * 16 + 20, (value.y as number) * 12 + 20];
      await canvas.move(x, y);
      await canvas.page.mouse.down();
      await canvas.move(x + 100, y + 50);
      await canvas.page.keyboard.press("Escape");
      await canvas.page.mouse.up();
      await canvas.settle();
      expect(await canvas.results()).toEqual(before);
      expect((await canvas.inspect()).counters.undoSteps).toBe(0);
    });

    test("the wheel zooms at the pointer, Space and the middle button pan, quarter turns keep geometry", async () => {
      const canvas = await open("count=30&kind=mix");
      const before = await canvas.results();
      await canvas.move(400, 300);
      await canvas.page.mouse.wheel(0, -600);
      await canvas.settle();
      const zoomed = await canvas.inspect();
      expect(zoomed.view.scale).toBeGreaterThan(1);
      await canvas.page.keyboard.down(" ");
      await canvas.page.mouse.down();
      await canvas.page.mouse.move(500, 500);
      await canvas.page.mouse.up();
      await canvas.page.keyboard.up(" ");
      await canvas.settle();
      expect((await canvas.inspect()).view.x).not.toBe(zoomed.view.x);
      await canvas.page.evaluate(() => (window as unknown as Tested).__skylabel.editor.view.rotate(90));
      await canvas.settle();
      await shoot(canvas.page, `canvas-${renderer}-rotated`);
      expect(await canvas.results()).toBeDefined();
      expect(await canvas.results()).toEqual(before);
    });

    test("a marquee selects what lies inside it, Shift adds, and many move at once", async () => {
      const canvas = await open("count=200&kind=boxes");
      await canvas.drag([2, 2], [1598, 1198]);
      const all = (await canvas.inspect()).selection.length;
      expect(all).toBeGreaterThan(150);
      await shoot(canvas.page, `canvas-${renderer}-marquee`);
      const before = await canvas.results();
      await canvas.press("ArrowRight");
      const after = await canvas.results();
      expect(after.filter((item, i) => JSON.stringify(item) !== JSON.stringify(before[i])).length).toBe(all);
      await canvas.press("Control+z");
      expect(await canvas.results()).toEqual(before);
    });

    test("pixels: a box's line has its label's colour, recolouring and undo show, and a hidden label does not", async () => {
      const canvas = await open();
      await canvas.tool("box", "box", ["Car"]);
      await canvas.drag([400, 300], [800, 600]);
      await canvas.press("Escape", "Escape");
      expect(await canvas.pixel(400, 450)).toEqual([217, 58, 58, 255]);
      const inside = await canvas.pixel(600, 450);
      expect(inside[3]).toBeGreaterThan(40);
      expect(inside[3]).toBeLessThan(60);
      const uploaded = (await canvas.inspect()).counters.bytesUploaded as number;
      await canvas.page.evaluate(() =>
        (window as unknown as Tested).__skylabel.editor.setLabels([
          { control: "box", value: "Car", color: "#0000ff" },
        ]),
      );
      await canvas.settle();
      expect((await canvas.pixel(400, 450)).slice(2)).toEqual([255, 255]);
      expect(((await canvas.inspect()).counters.bytesUploaded as number) - uploaded).toBeLessThan(600);
      await canvas.page.evaluate(() =>
        (window as unknown as Tested).__skylabel.editor.setLabels([
          { control: "box", value: "Car", color: "#0000ff", hidden: true },
        ]),
      );
      await canvas.settle();
      expect(await canvas.pixel(400, 450)).toEqual([0, 0, 0, 0]);
    });

    test("ten thousand regions: few draw calls and nodes, an edit sends bytes, not the scene", async () => {
      const canvas = await open("count=10000&kind=boxes");
      const first = await canvas.inspect();
      expect(first.regions).toBe(10_000);
      expect(first.counters.rebuilds).toBe(1);
      await shoot(canvas.page, `canvas-${renderer}-10k`);
      for (let i = 0; i < 10; i += 1) {
        await canvas.page.evaluate(() =>
          (window as unknown as Tested).__skylabel.editor.view.panBy({ x: 9, y: 5 }),
        );
        await canvas.page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await canvas.settle();
      const panned = await canvas.inspect();
      expect(panned.counters.drawCalls).toBeLessThanOrEqual(8);
      expect(panned.counters.bytesUploaded).toBe(first.counters.bytesUploaded);
      if (renderer === "worker2d") expect(panned.counters.repaints).toBe(first.counters.repaints);
      await canvas.page.evaluate(() => (window as unknown as Tested).__skylabel.editor.view.zoomBy(6));
      await canvas.settle();
      const value = (await canvas.results())[5000]?.value as unknown as Record<string, number>;
      await canvas.page.evaluate(
        ([x, y]) => {
          const { editor } = (window as unknown as Tested).__skylabel;
          const { view } = editor.inspect();
          editor.view.panBy({ x: 640 - (view.x + x * view.scale), y: 400 - (view.y + y * view.scale) });
        },
        [
          ((value.x as number) + (value.width as number) / 2) * 16,
          ((value.y as number) + (value.height as number) / 2) * 12,
        ] as const,
      );
      await canvas.settle();
      await canvas.page.mouse.move(640, 400);
      await canvas.page.mouse.down();
      await canvas.page.mouse.move(660, 420);
      await canvas.page.mouse.move(680, 430);
      await canvas.page.mouse.up();
      await canvas.settle();
      const edited = await canvas.inspect();
      expect(edited.counters.undoSteps).toBe(1);
      expect((edited.counters.sceneRows as number) - (first.counters.sceneRows as number)).toBe(1);
      expect(
        (edited.counters.bytesUploaded as number) - (panned.counters.bytesUploaded as number),
      ).toBeLessThan(2_000);
      expect(edited.counters.indexBuilds).toBe(1);
      expect(edited.counters.rebuilds).toBe(1);
      expect(edited.counters.overlayNodes as number).toBeLessThan(60);
      expect(await canvas.page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(120);
    });

    test.each([10_000, 100_000])(
      "%d boxes: a frame of panning or dragging looks at what moves, and at nothing else",
      async (count) => {
        const canvas = await open(`count=${count}&kind=boxes`);
        const counted = () =>
          canvas.inspect().then(({ counters }) => counters as unknown as Record<string, number>);
        const first = await counted();
        await canvas.frames("pan", 3);
        const panned = await counted();
        expect(panned.drawCalls).toBeLessThanOrEqual(8);
        for (const name of ["sceneRows", "bytesUploaded", "indexQueries", "indexVisits", "indexBuilds"])
          expect([name, panned[name]]).toEqual([name, first[name]]);

        await canvas.frames("drag", 3);
        const dragged = await counted();
        expect(dragged.drawCalls).toBeLessThanOrEqual(8);
        expect(dragged.sceneRows).toBe(first.sceneRows);
        expect(dragged.indexVisits).toBe(first.indexVisits);
        expect((dragged.bytesUploaded as number) - (first.bytesUploaded as number)).toBeLessThan(100);
        expect(dragged.overlayNodes as number).toBeLessThan(60);

        await canvas.hover(200);
        const hovered = await counted();
        const [asked, seen] = ["indexQueries", "indexVisits"].map(
          (name) => (hovered[name] as number) - (dragged[name] as number),
        ) as [number, number];
        expect(asked).toBe(200);
        // Boxes lie over one another here; what counts is that their number does not matter.
        expect(seen / asked).toBeLessThan(40);
        expect(await canvas.page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(120);
      },
    );

    test("ten thousand boxes and three hundred relations: a frame of panning moves arrows and draws none", async () => {
      const canvas = await open("count=10000&kind=boxes&relations=300");
      const counted = () =>
        canvas.page.evaluate(() => {
          const { inspect, arrows } = (window as unknown as Tested).__skylabel;
          return { ...inspect().counters, ...arrows } as unknown as Record<string, number>;
        });
      await expect.poll(async () => (await counted()).drawn).toBe(300);
      await shoot(canvas.page, `canvas-${renderer}-arrows`);
      const first = await counted();
      expect(first.measured).toBe(300);
      const spent = async (from: number) =>
        (await canvas.inspect()).frameMs.slice(from).sort((a, b) => a - b);
      const before = (await canvas.inspect()).frameMs.length;
      await canvas.frames("pan", 20);
      const panned = await counted();
      const times = await spent(before);
      console.info(`${renderer}: ${times[Math.floor(times.length / 2)]?.toFixed(2)} ms of script a frame`);
      for (const name of ["measured", "drawn", "sceneRows", "bytesUploaded", "indexQueries", "indexVisits"])
        expect([name, panned[name]]).toEqual([name, first[name]]);
      expect((panned.moved as number) - (first.moved as number)).toBe(20);

      // Zooming draws them anew, from the ends that are known.
      await canvas.page.evaluate(() => (window as unknown as Tested).__skylabel.editor.view.zoomBy(1.1));
      await canvas.settle();
      const zoomed = await counted();
      expect(zoomed.measured).toBe(first.measured);
      expect((zoomed.drawn as number) - (panned.drawn as number)).toBe(300);

      // Thirty touch the region that is dragged; the others are drawn without them, once before and once after.
      await canvas.frames("drag", 3);
      const dragged = await counted();
      expect((dragged.measured as number) - (zoomed.measured as number)).toBe(3 * 30);
      expect((dragged.drawn as number) - (zoomed.drawn as number)).toBe(270 + 3 * 30 + 300);
      expect(dragged.sceneRows).toBe(first.sceneRows);
      const nodes = await canvas.page.evaluate(() => ({
        paths: document.querySelectorAll(".arrows svg *").length,
        all: document.querySelectorAll("*").length,
      }));
      expect(nodes.paths).toBeLessThan(20);
      expect(nodes.all).toBeLessThan(120 + 160);
    });

    test("without relations nothing draws over the picture", async () => {
      const canvas = await open("count=10&kind=boxes");
      const over = await canvas.page.evaluate(
        () => ((window as unknown as Tested).__skylabel.editor as unknown as { over: unknown }).over,
      );
      expect(over).toBeUndefined();
    });

    test("arrows are between regions of every kind, and pressed where they are seen", async () => {
      const canvas = await open("count=40&kind=mix&relations=12");
      await canvas.settle();
      await shoot(canvas.page, `canvas-${renderer}-arrows-mix`);
      const at = await canvas.page.evaluate(() => {
        const pill = document.querySelector(".arrow-pill")?.getBoundingClientRect();
        return pill ? [pill.x + pill.width / 2, pill.y + pill.height / 2] : [];
      });
      await canvas.page.mouse.click(at[0] ?? 0, at[1] ?? 0);
      const { chosen, selected } = await canvas.page.evaluate(() => {
        const { chosen: slots, inspect } = (window as unknown as Tested).__skylabel;
        return { chosen: slots, selected: inspect().selection };
      });
      expect(chosen).toHaveLength(1);
      expect(selected).toEqual([]);
    });

    test("a mask is painted in strokes, rubbed out, undone, and saved as runs", async () => {
      const canvas = await open();
      await canvas.tool("brush", "brush", ["Tree"]);
      await canvas.drag([400, 300], [800, 300]);
      await canvas.drag([600, 200], [600, 500]);
      const [painted, ...others] = await canvas.results();
      expect(others).toEqual([]);
      expect(painted).toMatchObject({
        type: "brushlabels",
        value: { format: "rle", brushlabels: ["Tree"] },
      });
      expect((await canvas.inspect()).counters.undoSteps).toBe(2);
      await shoot(canvas.page, `canvas-${renderer}-brush`);
      const before = JSON.stringify(painted);
      await canvas.tool("erase", "brush", ["Tree"]);
      await canvas.drag([500, 250], [500, 350]);
      expect(JSON.stringify((await canvas.results())[0])).not.toBe(before);
      await shoot(canvas.page, `canvas-${renderer}-erased`);
      await canvas.press("Control+z");
      expect(JSON.stringify((await canvas.results())[0])).toBe(before);
      await canvas.press("Escape");
      await canvas.tool("brush", "brush", ["Tree"]);
      await canvas.drag([1200, 800], [1300, 900]);
      expect((await canvas.results()).length).toBe(2);
      await canvas.press("Escape", "Escape");
      await canvas.click(1250, 850);
      expect((await canvas.inspect()).selection).toEqual(["n1"]);
    });

    test("a lost graphics context comes back with everything on it", async () => {
      const canvas = await open();
      await canvas.tool("box", "box", ["Car"]);
      await canvas.drag([400, 300], [800, 600]);
      await canvas.press("Escape", "Escape");
      await canvas.page.evaluate(async () => {
        const lose = document
          .querySelectorAll("canvas")[2]
          ?.getContext("webgl2")
          ?.getExtension("WEBGL_lose_context");
        lose?.loseContext();
        await new Promise((done) => setTimeout(done, 50));
        lose?.restoreContext();
        await new Promise((done) => setTimeout(done, 50));
      });
      await canvas.settle();
      expect(await canvas.pixel(400, 450)).toEqual([217, 58, 58, 255]);
    });

    test("the canvas has no accessibility violations", async () => {
      const canvas = await open("count=5");
      await expectAccessible(canvas.page, {
        disable: ["region", "page-has-heading-one", "landmark-one-main"],
      });
    });
  },
);
