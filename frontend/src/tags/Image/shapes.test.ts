import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Size } from "../../canvas/geometry/points";
import { moved, type Polygon, type Rect, turned } from "../../canvas/geometry/shapes";
import type { JsonObject } from "../../store/result";
import { ellipseCodec } from "../Ellipse/codec";
import { keyPointCodec } from "../KeyPoint/codec";
import { polygonCodec } from "../Polygon/codec";
import { rectangleCodec } from "../Rectangle/codec";
import { imageShapes } from "./shapes";

const percent = fc.double({ min: -5, max: 105, noNaN: true });
const size: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 30000 }),
  height: fc.integer({ min: 1, max: 30000 }),
});
const values = {
  rect: fc.record({
    x: percent,
    y: percent,
    width: percent,
    height: percent,
    rotation: percent,
    extra: fc.jsonValue(),
  }),
  ellipse: fc.record({ x: percent, y: percent, radiusX: percent, radiusY: percent, rotation: percent }),
  point: fc.record({ x: percent, y: percent, width: percent }),
  polygon: fc.record({
    points: fc.array(fc.tuple(percent, percent), { minLength: 3 }),
    closed: fc.boolean(),
  }),
};

describe("image codecs", () => {
  test.each([
    ["rect", rectangleCodec],
    ["ellipse", ellipseCodec],
    ["point", keyPointCodec],
    ["polygon", polygonCodec],
  ] as const)("a %s read and written again changes not one key", (kind, codec) => {
    fc.assert(
      fc.property(values[kind] as fc.Arbitrary<JsonObject>, size, (value, natural) => {
        const shape = codec.read(value, natural);
        expect(shape).not.toBeNull();
        expect(codec.write(shape as never, natural, value)).toEqual({});
        expect(Object.keys(codec.write(shape as never, natural)).sort()).toEqual(
          Object.keys(value)
            .filter((key) => key !== "extra")
            .sort(),
        );
      }),
    );
  });

  test("moving a rectangle sideways changes x and nothing else", () => {
    const value = { x: 12.5, y: 25, width: 25, height: 100 / 3, rotation: 30, rectanglelabels: ["Car"] };
    const natural = { width: 800, height: 601 };
    const shape = rectangleCodec.read(value, natural) as Rect;
    expect(rectangleCodec.write(moved(shape, { x: 8, y: 0 }), natural, value)).toEqual({ x: 13.5 });
    expect(Object.keys(rectangleCodec.write(turned(shape, 15) as Rect, natural, value))).toEqual([
      "x",
      "y",
      "rotation",
    ]);
  });

  test("a turned rectangle is stored by the corner it turns around", () => {
    const natural = { width: 200, height: 100 };
    const square: Rect = { kind: "rect", x: 40, y: 40, width: 20, height: 20, rotation: 0 };
    const value = rectangleCodec.write(turned(square, 90) as Rect, natural);
    expect(value).toEqual({ x: 30, y: 40, width: 10, height: 20, rotation: 90 });
  });

  test("moving one corner of a polygon keeps the other pairs as stored", () => {
    const value = {
      points: [
        [10, 10],
        [40.123456789, 12],
        [25.5, 60],
      ],
      closed: true,
    } as unknown as JsonObject;
    const natural = { width: 640, height: 480 };
    const shape = polygonCodec.read(value, natural) as Polygon;
    const points = shape.points.map((p, i) => (i === 0 ? { x: 0, y: 0 } : p));
    const written = polygonCodec.write({ ...shape, points }, natural, value);
    expect(written).toEqual({
      points: [
        [0, 0],
        [40.123456789, 12],
        [25.5, 60],
      ],
    });
    expect((written.points as unknown[])[2]).toBe((value.points as unknown[])[2]);
  });

  test("values that hold no shape are not read", () => {
    const natural = { width: 10, height: 10 };
    expect(rectangleCodec.read({ x: 1, y: 2, width: "3", height: 4 }, natural)).toBeNull();
    expect(polygonCodec.read({ points: [[1, 2], [3]] }, natural)).toBeNull();
    expect(polygonCodec.read({ points: [] }, natural)).toBeNull();
  });

  test("per-region values find their kind by the geometry they repeat", () => {
    expect(imageShapes.of("choices", { x: 1, y: 1, width: 1, height: 1, choices: ["a"] })?.kind).toBe("rect");
    expect(imageShapes.of("textarea", { x: 1, y: 1, width: 1, text: ["a"] })?.kind).toBe("point");
    expect(imageShapes.of("labels", { x: 1, y: 1, radiusX: 1, radiusY: 1 })?.kind).toBe("ellipse");
    expect(imageShapes.of("choices", { choices: ["a"] })).toBeUndefined();
    expect(imageShapes.of("polygonlabels", {})?.kind).toBe("polygon");
  });
});
