import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anchorOf,
  bowed,
  type Curve,
  chordBetween,
  distanceToCurve,
  edgeToward,
  headOf,
  pointOn,
} from "./arrows";
import { maskOf } from "./masks";
import { distance, type Point } from "./points";
import type { Ellipse, KeyPoint, MaskShape, Polygon, Rect, Shape } from "./shapes";
import type { Vector } from "./vectors";

const box = (x: number, y: number, width: number, height: number, rotation = 0): Rect => ({
  kind: "rect",
  x,
  y,
  width,
  height,
  rotation,
});
const ellipse = (x: number, y: number, radiusX: number, radiusY: number, rotation = 0): Ellipse => ({
  kind: "ellipse",
  x,
  y,
  radiusX,
  radiusY,
  rotation,
});
const polygon = (closed: boolean, ...points: readonly (readonly [number, number])[]): Polygon => ({
  kind: "polygon",
  points: points.map(([x, y]) => ({ x, y })),
  closed,
});
const dot = (x: number, y: number): KeyPoint => ({ kind: "point", x, y, size: 4 });

/** A mask that is painted in the lower right half of a square of 100 pixels at 100, 100. */
function painted(): MaskShape {
  const size = { width: 300, height: 300 };
  const data = new Uint8Array(size.width * size.height);
  for (let y = 100; y < 200; y += 1)
    for (let x = 100; x < 200; x += 1) if (x + y >= 300) data[y * size.width + x] = 255;
  return { kind: "mask", mask: maskOf(data, size) };
}

const path: Vector = {
  kind: "vector",
  closed: false,
  vertices: [
    { id: "a", x: 0, y: 0, prev: null },
    { id: "b", x: 100, y: 0, prev: "a" },
  ],
} as unknown as Vector;

const close = (p: Point, x: number, y: number, slack = 1e-6) => {
  expect(p.x).toBeGreaterThan(x - slack);
  expect(p.x).toBeLessThan(x + slack);
  expect(p.y).toBeGreaterThan(y - slack);
  expect(p.y).toBeLessThan(y + slack);
};

const right = dot(1000, 50);

describe("where an arrow leaves", () => {
  it.each<[string, Shape, number, number]>([
    ["a box: its side", box(0, 0, 100, 100), 100, 50],
    ["a turned box: its corner", box(50, 0, 100, 100, 45), 50 + 100 / Math.SQRT2, 100 / Math.SQRT2],
    ["an ellipse: its rim", ellipse(50, 50, 30, 10), 80, 50],
    ["a turned ellipse: its other rim", ellipse(50, 50, 30, 10, 90), 60, 50],
    ["a polygon: its outline", polygon(true, [0, 0], [60, 0], [60, 100], [0, 100]), 60, 50],
    ["a key point: itself", dot(20, 50), 20, 50],
  ])("%s", (_, shape, x, y) => {
    close(chordBetween(shape, dot(1000, y)).from, x, y);
    close(chordBetween(dot(1000, y), shape).to, x, y);
  });

  it("a mask: where the paint begins, not its frame", () => {
    const { from } = chordBetween(dot(0, 0), painted());
    close(from, 0, 0);
    close(chordBetween(dot(0, 0), painted()).to, 150, 150, 1);
    close(chordBetween(dot(150, 1000), painted()).to, 150, 200, 1);
  });

  it("an open line: a place on it", () => {
    close(chordBetween(polygon(false, [0, 0], [0, 100]), right).from, 0, 50);
    close(chordBetween(path, dot(50, 300)).from, 50, 0);
    close(anchorOf(polygon(false, [0, 0], [10, 0], [20, 40])), 10, 0);
  });

  it("a shape whose middle is outside of it: the nearest place of its outline", () => {
    const hook = polygon(true, [0, 0], [100, 0], [100, 10], [10, 10], [10, 100], [0, 100]);
    const { from } = chordBetween(hook, dot(300, 300));
    expect(Math.min(distance(from, { x: 100, y: 10 }), distance(from, { x: 10, y: 100 }))).toBeLessThan(1e-6);
  });
});

describe("shapes that are not apart", () => {
  it("one in the other: from the edge of the outer to that of the inner", () => {
    const chord = chordBetween(box(0, 0, 100, 100), box(60, 40, 20, 20));
    close(chord.from, 100, 50);
    close(chord.to, 80, 50);
  });

  it("one over the other: from edge to edge in the direction of the second", () => {
    const chord = chordBetween(box(0, 0, 100, 100), box(50, 0, 100, 100));
    close(chord.from, 100, 50);
    close(chord.to, 150, 50);
  });

  it("around one middle: at the top", () => {
    const chord = chordBetween(box(0, 0, 100, 100), box(25, 25, 50, 50));
    close(chord.from, 50, 0);
    close(chord.to, 50, 25);
  });

  it("the same twice: one place, where the arrow is a loop", () => {
    const chord = chordBetween(box(0, 0, 100, 100), box(0, 0, 100, 100));
    close(chord.from, 50, 0);
    close(chord.to, 50, 0);
    const loop = bowed(chord);
    expect(pointOn(loop, 0.5).y).toBeLessThan(-15);
    expect(distance(loop.from, loop.to)).toBeGreaterThan(5);
  });
});

const number = fc.double({ min: -500, max: 500, noNaN: true });
const side = fc.double({ min: 1, max: 300, noNaN: true });
const degrees = fc.integer({ min: 0, max: 359 });
const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(number, number, side, side, degrees).map(([x, y, w, h, r]) => box(x, y, w, h, r)),
  fc.tuple(number, number, side, side, degrees).map(([x, y, w, h, r]) => ellipse(x, y, w, h, r)),
  fc
    .tuple(fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 8 }), fc.boolean())
    .map(([points, closed]) => polygon(closed, ...points)),
  fc.tuple(number, number).map(([x, y]) => dot(x, y)),
);

describe("whatever the shapes", () => {
  it("the way back joins the same two places while they are apart", () => {
    fc.assert(
      fc.property(anyShape, anyShape, (a, b) => {
        const [from, to] = [anchorOf(a), anchorOf(b)];
        const apart = distance(from, edgeToward(a, from, to)) + distance(to, edgeToward(b, to, from));
        if (apart >= distance(from, to) - 1e-6) return;
        const [there, back] = [chordBetween(a, b), chordBetween(b, a)];
        expect(distance(there.from, back.to)).toBeLessThan(1e-6);
        expect(distance(there.to, back.from)).toBeLessThan(1e-6);
      }),
    );
  });

  it("ends are numbers, and an arrow is never too short to see", () => {
    fc.assert(
      fc.property(anyShape, anyShape, (a, b) => {
        const curve = bowed(chordBetween(a, b), 3);
        for (const p of [curve.from, curve.to, curve.c1, curve.c2])
          expect(Number.isFinite(p.x + p.y)).toBe(true);
        expect(distance(curve.from, curve.to)).toBeGreaterThan(9);
      }),
    );
  });
});

describe("the curve", () => {
  const flat: Curve = bowed({ from: { x: 0, y: 0 }, to: { x: 100, y: 0 } });

  it("bows to its left, so that there and back are two", () => {
    const back = bowed({ from: { x: 100, y: 0 }, to: { x: 0, y: 0 } });
    expect(pointOn(flat, 0.5).y).toBeLessThan(-5);
    expect(pointOn(back, 0.5).y).toBeGreaterThan(5);
  });

  it("keeps a gap where there is room, and reaches in where there is none", () => {
    expect(bowed({ from: { x: 0, y: 0 }, to: { x: 100, y: 0 } }, 4).from.x).toBe(4);
    const short = bowed({ from: { x: 0, y: 0 }, to: { x: 6, y: 0 } }, 4);
    close(short.from, -10, 0);
    close(short.to, 16, 0);
  });

  it("is hit near it, and nowhere else", () => {
    const at = pointOn(flat, 0.5);
    expect(distanceToCurve(flat, { x: at.x, y: at.y - 3 }, 5)).toBeCloseTo(3, 1);
    expect(distanceToCurve(flat, { x: at.x, y: at.y + 6 }, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(distanceToCurve(flat, { x: -20, y: 0 }, 5)).toBe(Number.POSITIVE_INFINITY);
  });

  it("has heads whose tips are its ends, and that lie on it", () => {
    const [tip, left, back] = headOf(flat, "to", 8);
    expect(tip).toEqual(flat.to);
    expect(distance(left, back)).toBeCloseTo(7.2, 5);
    expect(left.x).toBeLessThan(100);
    expect(headOf(flat, "from", 8)[0]).toEqual(flat.from);
  });
});
