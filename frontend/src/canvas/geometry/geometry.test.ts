import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distance, type Point, turn } from "./points";
import {
  type Ellipse,
  ellipseFrame,
  ellipseIn,
  grown,
  hits,
  keptWithin,
  moved,
  type Polygon,
  polygonArea,
  type Rect,
  rectBetween,
  rectCenter,
  rectCorners,
  resized,
  shapeArea,
  shapeBounds,
  turned,
} from "./shapes";

const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const size = fc.double({ min: 1, max: 3000, noNaN: true });
const degrees = fc.double({ min: -720, max: 720, noNaN: true });
const point: fc.Arbitrary<Point> = fc.record({ x: coordinate, y: coordinate });
const rect: fc.Arbitrary<Rect> = fc.record({
  kind: fc.constant("rect" as const),
  x: coordinate,
  y: coordinate,
  width: size,
  height: size,
  rotation: fc.double({ min: 0, max: 359.9, noNaN: true }),
});
const pull = fc.record({ x: fc.constantFrom(-1, 0, 1), y: fc.constantFrom(-1, 0, 1) }) as fc.Arbitrary<{
  x: -1 | 0 | 1;
  y: -1 | 0 | 1;
}>;
const near = (a: Point, b: Point) => expect(distance(a, b)).toBeLessThan(1e-6);

describe("shapes", () => {
  test("a rectangle turned around its centre keeps its centre and its area", () => {
    fc.assert(
      fc.property(rect, degrees, (r, angle) => {
        const after = turned(r, angle) as Rect;
        near(rectCenter(after), rectCenter(r));
        expect(shapeArea(after)).toBe(shapeArea(r));
        expect(after.rotation).toBeGreaterThanOrEqual(0);
        expect(after.rotation).toBeLessThan(360);
      }),
    );
  });

  test("pulling a side or corner leaves the opposite one where it was", () => {
    fc.assert(
      fc.property(rect, pull, fc.double({ min: 0.1, max: 2, noNaN: true }), (r, handle, share) => {
        const corners = rectCorners(r);
        const center = rectCenter(r);
        const offset = turn({ x: handle.x * r.width * share, y: handle.y * r.height * share }, r.rotation);
        const after = resized(r, handle, { x: center.x + offset.x, y: center.y + offset.y });
        const kept = rectCorners(after);
        if (handle.x >= 0 && handle.y >= 0) near(corners[0], kept[0]);
        if (handle.x <= 0 && handle.y <= 0) near(corners[2], kept[2]);
        if (handle.x === 0) expect(after.width).toBeCloseTo(r.width, 6);
        if (handle.y === 0) expect(after.height).toBeCloseTo(r.height, 6);
      }),
    );
  });

  test("pulling over the opposite side turns the rectangle over, never negative", () => {
    const r = rectBetween({ x: 10, y: 10 }, { x: 30, y: 20 });
    expect(resized(r, { x: 1, y: 1 }, { x: 0, y: 5 })).toEqual({ ...r, x: 0, y: 5, width: 10, height: 5 });
    const square = resized(
      rectBetween({ x: 0, y: 0 }, { x: 10, y: 10 }),
      { x: 1, y: 1 },
      { x: 30, y: 12 },
      true,
    );
    expect([square.width, square.height]).toEqual([30, 30]);
  });

  test("an ellipse and its frame say the same", () => {
    fc.assert(
      fc.property(rect, (r) => {
        const back = ellipseFrame(ellipseIn(r));
        near(back, r);
        expect(back.width).toBeCloseTo(r.width, 6);
      }),
    );
  });

  test("bounds hold every point of the outline and nothing of a move gets lost", () => {
    fc.assert(
      fc.property(rect, point, (r, by) => {
        const ellipse: Ellipse = ellipseIn(r);
        const b = shapeBounds(ellipse);
        for (let t = 0; t < 6.28; t += 0.4) {
          const p = turn(
            { x: ellipse.radiusX * Math.cos(t), y: ellipse.radiusY * Math.sin(t) },
            ellipse.rotation,
          );
          expect(p.x + ellipse.x).toBeGreaterThanOrEqual(b.minX - 1e-6);
          expect(p.y + ellipse.y).toBeLessThanOrEqual(b.maxY + 1e-6);
        }
        near(rectCenter(moved(r, by)), { x: rectCenter(r).x + by.x, y: rectCenter(r).y + by.y });
      }),
    );
  });

  test("what is inside is hit, what is outside is not", () => {
    const r: Rect = { kind: "rect", x: 50, y: 50, width: 20, height: 10, rotation: 90 };
    expect(hits(r, { x: 45, y: 60 }, 0)).toBe(true);
    expect(hits(r, { x: 55, y: 55 }, 0)).toBe(false);
    const dent: Polygon = {
      kind: "polygon",
      closed: true,
      points: [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
        { x: 10, y: 10 },
        { x: 5, y: 2 },
        { x: 0, y: 10 },
      ],
    };
    expect(hits(dent, { x: 5, y: 8 }, 0.5)).toBe(false);
    expect(hits(dent, { x: 1, y: 5 }, 0)).toBe(true);
    expect(hits({ ...dent, closed: false }, { x: 1, y: 5 }, 0.5)).toBe(false);
    expect(polygonArea(dent.points)).toBe(60);
    const ellipse: Ellipse = { kind: "ellipse", x: 0, y: 0, radiusX: 10, radiusY: 2, rotation: 90 };
    expect(hits(ellipse, { x: 0, y: 9 }, 0)).toBe(true);
    expect(hits(ellipse, { x: 9, y: 0 }, 0)).toBe(false);
  });

  test("a region is moved no further than the picture, and one that hangs over may come back", () => {
    const within = { minX: 0, minY: 0, maxX: 100, maxY: 100 };
    const b = { minX: 10, minY: -5, maxX: 20, maxY: 10 };
    expect(keptWithin(b, { x: 200, y: -50 }, within)).toEqual({ x: 80, y: 0 });
    expect(keptWithin(b, { x: -3, y: 5 }, within)).toEqual({ x: -3, y: 5 });
  });

  test("growing moves right and bottom sides only, and stops at one pixel", () => {
    const r = rectBetween({ x: 10, y: 10 }, { x: 30, y: 20 });
    expect(grown(r, { x: 5, y: -100 })).toEqual({ ...r, width: 25, height: 1 });
    const polygon: Polygon = { kind: "polygon", closed: true, points: rectCorners(r) };
    expect(shapeBounds(grown(polygon, { x: 20, y: 10 }))).toEqual({ minX: 10, minY: 10, maxX: 50, maxY: 30 });
  });
});
