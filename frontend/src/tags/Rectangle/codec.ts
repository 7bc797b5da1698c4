/** Rectangles: `x, y, width, height` in percent of the picture, `rotation` clockwise around the corner x, y. */
import { numberCodec } from "../../canvas/codec";
import type { Rect } from "../../canvas/geometry/shapes";

export const rectangleCodec = numberCodec<Rect>("rect", [
  { part: "x", key: "x", axis: "width" },
  { part: "y", key: "y", axis: "height" },
  { part: "width", key: "width", axis: "width" },
  { part: "height", key: "height", axis: "height" },
  { part: "rotation", key: "rotation", axis: "none", missing: 0 },
]);
