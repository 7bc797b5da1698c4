/**
 * The shapes an Image can carry, by the result types that write them, and the codec each folder gives the screen.
 * Bitmasks and vectors are rarer than their code is small: they add theirs when their tags are loaded.
 */
import { type ShapeCodec, ShapeCodecs } from "../../canvas/codec";
import type { Shape } from "../../canvas/geometry/shapes";
import { type ResultItem as StoredItem, withValue } from "../../store/result";
import { type Codec, defineCodec } from "../_contract/contract";
import { brushCodec } from "../Brush/codec";
import { ellipseCodec } from "../Ellipse/codec";
import { keyPointCodec } from "../KeyPoint/codec";
import { polygonCodec } from "../Polygon/codec";
import { rectangleCodec } from "../Rectangle/codec";

const kinds: Readonly<Record<string, ShapeCodec>> = {
  rectangle: rectangleCodec as ShapeCodec,
  polygon: polygonCodec as ShapeCodec,
  ellipse: ellipseCodec as ShapeCodec,
  keypoint: keyPointCodec as ShapeCodec,
  brush: brushCodec as ShapeCodec,
  magicwand: brushCodec as ShapeCodec,
};

/** In this order a value of an unknown type is tried: a rectangle has all the keys of a key point. */
const tried = [brushCodec, polygonCodec, ellipseCodec, rectangleCodec, keyPointCodec] as ShapeCodec[];

export const imageShapes = new ShapeCodecs(
  new Map(
    Object.entries(kinds).flatMap(([type, codec]) => [
      [type, codec] as const,
      [`${type}labels`, codec] as const,
    ]),
  ),
  tried,
);

/** Gives the contract's codec of one kind of shape: pixels of the picture, percent in the item. */
export function imageCodec(codec: ShapeCodec): Codec<unknown> {
  const sizeOf = (raw: StoredItem | null, known?: { width: number; height: number }) =>
    known ?? { width: raw?.original_width ?? 100, height: raw?.original_height ?? 100 };
  return defineCodec<Shape>({
    decode: (raw, context) =>
      raw.value === undefined ? null : codec.read(raw.value, sizeOf(raw, context.imageSize)),
    encode: (shape, raw, context) => {
      const size = sizeOf(raw, context.imageSize);
      const type = context.control.type.toLowerCase();
      if (raw !== null) return withValue(raw, codec.write(shape, size, raw.value)) as typeof raw;
      return {
        type,
        original_width: size.width,
        original_height: size.height,
        value: codec.write(shape, size) as never,
      };
    },
  });
}
