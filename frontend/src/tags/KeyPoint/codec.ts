/** Key points: `x, y` in percent of width and height; `width` is the size of the dot in percent of the width. */
import { numberCodec } from "../../canvas/codec";
import type { KeyPoint } from "../../canvas/geometry/shapes";

export const keyPointCodec = numberCodec<KeyPoint>("point", [
  { part: "x", key: "x", axis: "width" },
  { part: "y", key: "y", axis: "height" },
  { part: "size", key: "width", axis: "width", missing: 0 },
]);
