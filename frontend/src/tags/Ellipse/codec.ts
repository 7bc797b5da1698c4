/** Ellipses: centre `x, y` and radii in percent of the picture's width and height, `rotation` clockwise. */
import { numberCodec } from "../../canvas/codec";
import type { Ellipse } from "../../canvas/geometry/shapes";

export const ellipseCodec = numberCodec<Ellipse>("ellipse", [
  { part: "x", key: "x", axis: "width" },
  { part: "y", key: "y", axis: "height" },
  { part: "radiusX", key: "radiusX", axis: "width" },
  { part: "radiusY", key: "radiusY", axis: "height" },
  { part: "rotation", key: "rotation", axis: "none", missing: 0 },
]);
