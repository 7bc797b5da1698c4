import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundsOf, distance } from "./geometry/points";
import { hits, type Rect, rectBetween, rectCorners, type Shape } from "./geometry/shapes";
import { SpatialIndex } from "./index";
import { pick, pickAll, pickWithin } from "./pick";
import { FLAG, type Look, Scene } from "./scene";
import { fitted, type Quarter, toImage, toScreen, View, visibleBounds, zoomedAt } from "./view";

const boxes = (count: number): Map<string, Look> => {
  const looks = new Map<string, Look>();
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [(i % 100) * 40, Math.floor(i / 100) * 40];
    looks.set(`r${i}`, { shape: rectBetween({ x, y }, { x: x + 30, y: y + 30 }), style: i % 24, flags: 0 });
  }
  return looks;
};

function sceneOf(looks: Map<string, Look>): {
  scene: Scene;
  index: SpatialIndex;
  describe: (key: string) => Look | null;
} {
  const scene = new Scene();
  const describe = (key: string) => looks.get(key) ?? null;
  scene.rebuild([...looks.keys()], describe);
  const index = new SpatialIndex(scene, () => undefined);
  index.build();
  return { scene, index, describe };
}

describe("scene", () => {
  test("keeps shapes as exact as 32 bits", () => {
    const turnedBox: Rect = { kind: "rect", x: 12.3, y: 45.6, width: 78.9, height: 10.1, rotation: 33 };
    const shapes: Shape[] = [
      turnedBox,
      { kind: "ellipse", x: 5, y: 6, radiusX: 7, radiusY: 8, rotation: 20 },
      { kind: "point", x: 1, y: 2, size: 3 },
      { kind: "polygon", points: rectCorners(turnedBox), closed: false },
    ];
    const { scene } = sceneOf(new Map(shapes.map((shape, i) => [`s${i}`, { shape, style: 0, flags: 0 }])));
    const back = scene.shapeAt(0) as Rect;
    for (const [i, p] of rectCorners(back).entries()) {
      expect(distance(p, rectCorners(turnedBox)[i] ?? p)).toBeLessThan(1e-3);
    }
    expect(scene.shapeAt(1)).toMatchObject({ kind: "ellipse", x: 5, radiusY: 8 });
    expect(scene.shapeAt(2)).toEqual(shapes[2]);
    expect(scene.shapeAt(3)).toMatchObject({ kind: "polygon", closed: false });
  });

  test("a region that goes and comes back keeps its depth, and only its row changes", () => {
    const looks = boxes(500);
    const { scene, index, describe } = sceneOf(looks);
    const look = looks.get("r7") as Look;
    looks.delete("r7");
    index.touch(scene.update(["r7"], describe));
    expect(scene.size).toBe(499);
    expect(pick(scene, index, { x: 290, y: 10 }, { tolerance: 0 })).toBeUndefined();
    looks.set("r7", look);
    expect(scene.update(["r7"], describe)).toEqual([7]);
    expect(pick(scene, index, { x: 290, y: 10 }, { tolerance: 0 })).toBe(7);
    expect(index.builds).toBe(1);
  });

  test("the index finds what a look at every row finds, also after edits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(199), fc.nat(3000), fc.nat(3000)), { maxLength: 30 }),
        fc.tuple(fc.nat(3000), fc.nat(3000), fc.nat(900), fc.nat(900)),
        (edits, [x, y, w, h]) => {
          const looks = boxes(200);
          const { scene, index, describe } = sceneOf(looks);
          for (const [i, ex, ey] of edits) {
            const shape = rectBetween({ x: ex, y: ey }, { x: ex + 50, y: ey + 20 });
            looks.set(`r${i}`, { shape, style: 0, flags: 0 });
            index.touch(scene.update([`r${i}`], describe));
          }
          const within = { minX: x, minY: y, maxX: x + w, maxY: y + h };
          const slow = [...Array(200).keys()].filter((row) => {
            const b = scene.boundsOf(row);
            return (
              b.minX <= within.maxX && b.maxX >= within.minX && b.minY <= within.maxY && b.maxY >= within.minY
            );
          });
          expect(index.query(within).sort((a, b) => a - b)).toEqual(slow);
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([10_000, 100_000])("a hit test among %d boxes looks at a handful", (count) => {
    const { scene, index } = sceneOf(boxes(count));
    for (let i = 0; i < 1_000; i += 1) {
      const p = { x: (i * 37) % 4_000, y: (i * 101) % ((count / 100) * 40) };
      pick(scene, index, p, { tolerance: 4 });
    }

    expect(index.counters.queries).toBe(1_000);
    expect(index.counters.visits).toBeLessThanOrEqual(4_000);
    expect(index.builds).toBe(1);
  });

  test("a row is hit where its shape is hit", () => {
    const near = fc.integer({ min: -60, max: 160 });
    const shape: fc.Arbitrary<Shape> = fc.oneof(
      fc.record({
        kind: fc.constant("rect" as const),
        x: near,
        y: near,
        width: fc.nat(80),
        height: fc.nat(80),
        rotation: fc.nat(359),
      }),
      fc.record({
        kind: fc.constant("ellipse" as const),
        x: near,
        y: near,
        radiusX: fc.integer({ min: 1, max: 60 }),
        radiusY: fc.integer({ min: 1, max: 60 }),
        rotation: fc.nat(359),
      }),
      fc.record({ kind: fc.constant("point" as const), x: near, y: near, size: fc.nat(9) }),
    );
    fc.assert(
      fc.property(shape, near, near, (drawn, x, y) => {
        const { scene } = sceneOf(new Map([["a", { shape: drawn, style: 0, flags: 0 }]]));
        const p = { x: x + 0.37, y: y + 0.41 };
        const margin = (tolerance: number) => hits(drawn, p, tolerance) === hits(drawn, p, tolerance + 0.01);
        if (margin(2.99)) expect(scene.hitsRow(0, p, 3)).toBe(hits(drawn, p, 3));
      }),
    );
  });

  test("picking takes the selected, then the smallest, then the topmost, and cycles", () => {
    const at = (from: number, to: number): Look => ({
      shape: rectBetween({ x: from, y: from }, { x: to, y: to }),
      style: 0,
      flags: 0,
    });
    const looks = new Map([
      ["small", at(40, 60)],
      ["large", at(0, 100)],
      ["twin", at(40, 60)],
      ["hidden", { ...at(45, 55), flags: FLAG.hidden }],
    ]);
    const { scene, index } = sceneOf(looks);
    const middle = { x: 50, y: 50 };
    const names = (rows: number[]) => rows.map((row) => scene.keyOf(row));
    expect(names(pickAll(scene, index, middle, { tolerance: 0 }))).toEqual(["twin", "small", "large"]);
    const isSelected = (key: string) => key === "large";
    expect(names(pickAll(scene, index, middle, { tolerance: 0, isSelected }))[0]).toBe("large");
    const cycled = [0, 1, 2, 3].map((n) =>
      scene.keyOf(pick(scene, index, middle, { tolerance: 0 }, n) ?? -1),
    );
    expect(cycled).toEqual(["twin", "small", "large", "twin"]);
    expect(names(pickWithin(scene, index, { minX: 30, minY: 30, maxX: 70, maxY: 70 }))).toEqual([
      "small",
      "twin",
    ]);
  });
});

describe("view", () => {
  const screen = { width: 800, height: 600 };
  const quarter = fc.constantFrom<Quarter>(0, 90, 180, 270);
  const coordinate = fc.double({ min: -4000, max: 4000, noNaN: true });

  test("a point sent to the screen and back is the same point", () => {
    fc.assert(
      fc.property(
        quarter,
        fc.double({ min: 0.01, max: 64, noNaN: true }),
        coordinate,
        coordinate,
        (rotation, scale, x, y) => {
          const view = { scale, x: 17, y: -30, rotation };
          expect(distance(toImage(view, toScreen(view, { x, y })), { x, y })).toBeLessThan(1e-6);
        },
      ),
    );
  });

  test("zooming holds the point under the pointer", () => {
    fc.assert(
      fc.property(quarter, coordinate, coordinate, (rotation, x, y) => {
        const view = { scale: 0.7, x: 5, y: 9, rotation };
        const at = { x, y };
        expect(distance(toImage(zoomedAt(view, 3, at), at), toImage(view, at))).toBeLessThan(1e-6);
      }),
    );
  });

  test("a fitted picture lies inside the screen in every rotation", () => {
    for (const rotation of [0, 90, 180, 270] as const) {
      const view = fitted({ minX: 0, minY: 0, maxX: 4000, maxY: 1000 }, screen, rotation);
      const shown = boundsOf([toScreen(view, { x: 0, y: 0 }), toScreen(view, { x: 4000, y: 1000 })]);
      expect(shown.minX).toBeGreaterThanOrEqual(24 - 1e-9);
      expect(shown.maxY).toBeLessThanOrEqual(576 + 1e-9);
      expect(visibleBounds(view, screen).maxX).toBeGreaterThanOrEqual(4000);
    }
  });

  test("fits again on resize until someone zooms, and never loses the picture", () => {
    const view = new View();
    view.setScreen(screen);
    view.setImage({ width: 400, height: 300 });
    const first = view.state.scale;
    view.setScreen({ width: 1600, height: 1200 });
    expect(view.state.scale).toBeGreaterThan(first);
    view.zoomBy(2);
    const zoomed = view.state.scale;
    view.setScreen(screen);
    expect(view.state.scale).toBe(zoomed);
    view.panBy({ x: 100000, y: -100000 });
    expect(toScreen(view.state, { x: 0, y: 0 }).x).toBeLessThanOrEqual(800 - 48);
    expect(toScreen(view.state, { x: 400, y: 300 }).y).toBeGreaterThanOrEqual(48);
    view.zoomBy(1e9);
    expect(view.state.scale).toBe(64);
  });
});
