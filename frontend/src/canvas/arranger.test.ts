import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Annotation } from "../store/annotation";
import type { ResultItem } from "../store/result";
import { aligned, distributed, type Edge } from "./geometry/arrange";
import type { Bounds } from "./geometry/points";
import { snapBounds, snapPoint } from "./geometry/snapping";
import { group, groupOf, ungroup } from "./groups";

const box = (minX: number, minY: number, width: number, height: number): Bounds => ({
  minX,
  minY,
  maxX: minX + width,
  maxY: minY + height,
});
const three = [box(0, 0, 10, 10), box(50, 5, 20, 10), box(30, 40, 10, 30)];
const carried = (all: readonly Bounds[], moves: readonly { x: number; y: number }[]) =>
  all.map((b, i) =>
    box(b.minX + (moves[i]?.x ?? 0), b.minY + (moves[i]?.y ?? 0), b.maxX - b.minX, b.maxY - b.minY),
  );

const byMiddle = (a: Bounds, b: Bounds) => a.minX + a.maxX - b.minX - b.maxX;

describe("aligning", () => {
  test.each([
    ["left", (b: Bounds) => b.minX, 0],
    ["center", (b: Bounds) => (b.minX + b.maxX) / 2, 35],
    ["right", (b: Bounds) => b.maxX, 70],
    ["top", (b: Bounds) => b.minY, 0],
    ["middle", (b: Bounds) => (b.minY + b.maxY) / 2, 35],
    ["bottom", (b: Bounds) => b.maxY, 70],
  ] as const)("%s brings that side of each to that of them all", (edge, side, at) => {
    expect(carried(three, aligned(three, edge as Edge)).map(side)).toEqual([at, at, at]);
  });
});

describe("distributing", () => {
  test("makes the gaps equal and leaves the outermost where they are", () => {
    expect(carried(three, distributed(three, "across")).map((b) => b.minX)).toEqual([0, 50, 25]);
  });

  test("makes them equal whatever overlaps, and leaves two alone", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 0, max: 900 }), w: fc.integer({ min: 1, max: 90 }) }), {
          minLength: 3,
          maxLength: 8,
        }),
        (all) => {
          const bounds = all.map(({ x, w }) => box(x, 0, w, 1)).sort(byMiddle);
          const once = carried(bounds, distributed(bounds, "across"));
          const gaps = once.slice(1).map((b, i) => b.minX - (once[i]?.maxX ?? 0));
          for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 6);
        },
      ),
    );
    expect(distributed(three.slice(0, 2), "down")).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 0 },
    ]);
  });
});

describe("snapping", () => {
  test("goes to the nearest side within reach, and says which", () => {
    const { by, guides } = snapBounds(box(12.4, 30.2, 10, 10), [box(0, 0, 10, 10)], 3);
    expect(by.x).toBeCloseTo(-2.4, 9);
    expect(by.y).toBeCloseTo(-0.2, 9);
    expect(guides).toEqual({ x: 10 });
  });

  test("of a point far from all is to the whole pixel", () => {
    expect(snapPoint({ x: 100.6, y: 0.2 }, [box(0, 5, 10, 10)], 3)).toEqual({
      by: { x: expect.closeTo(0.4, 9), y: expect.closeTo(-0.2, 9) },
      guides: {},
    });
  });

  test("never moves further than it reaches", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 99, noNaN: true }), fc.integer({ min: 1, max: 9 }), (x, reach) => {
        const { by } = snapPoint({ x, y: 0 }, three, reach);
        expect(Math.abs(by.x)).toBeLessThanOrEqual(Math.max(0.5, reach));
      }),
    );
  });
});

describe("groups", () => {
  const item = (id: string, parentID?: string): ResultItem => ({
    id,
    type: "rectangle",
    from_name: "b",
    to_name: "i",
    value: { x: 1 },
    ...(parentID === undefined ? {} : { parentID }),
  });
  const open = (...items: ResultItem[]) => new Annotation(items, { schedule: (run) => run() });

  test("are made with the first on top, picked as one, and taken apart, each in one step", () => {
    const annotation = open(item("a"), item("b"), item("c"));
    expect(group(annotation, ["c", "a"])).toBe(true);
    expect(annotation.document.results().map((one) => one.parentID)).toEqual([undefined, undefined, "a"]);
    expect(groupOf(annotation.document, "c")).toEqual(["a", "c"]);
    expect(groupOf(annotation.document, "b")).toEqual(["b"]);
    expect(ungroup(annotation, ["c"])).toBe(true);
    expect(annotation.document.results().some((one) => "parentID" in one)).toBe(false);
    annotation.undo();
    annotation.undo();
    expect(annotation.document.results()).toEqual([item("a"), item("b"), item("c")]);
  });

  test("that go round in circles, or hang on nothing, end somewhere", () => {
    const annotation = open(item("a", "b"), item("b", "a"), item("c", "gone"));
    expect(groupOf(annotation.document, "c")).toEqual(["c"]);
    expect(groupOf(annotation.document, "a").length).toBeGreaterThan(0);
  });
});
