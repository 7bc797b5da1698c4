/** RectangleLabels: boxes on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import {
  controlAttributes,
  labelAttributes,
  rotateAttribute,
  shapeAttributes,
  snapAttribute,
} from "../Image/attributes";

export default defineTag({
  name: "RectangleLabels",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...shapeAttributes(),
    ...rotateAttribute,
    ...snapAttribute,
    ...labelAttributes,
  },
  resultTypes: ["rectanglelabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Boxes on an Image, upright or turned, with labels.",
  load: async () => {
    const [{ imageCodec }, { rectangleCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Rectangle/codec"),
    ]);
    return { codec: imageCodec(rectangleCodec as never) };
  },
});
