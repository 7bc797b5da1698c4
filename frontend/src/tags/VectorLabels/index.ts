/** VectorLabels: paths on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import {
  controlAttributes,
  cornerAttributes,
  labelAttributes,
  shapeAttributes,
  snapAttribute,
} from "../Image/attributes";
import { vectorAttributes } from "../Vector/attributes";

export default defineTag({
  name: "VectorLabels",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...shapeAttributes(),
    ...cornerAttributes,
    ...snapAttribute,
    ...vectorAttributes,
    ...labelAttributes,
  },
  resultTypes: ["vectorlabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Paths on an Image, with curves and branches, with labels.",
  load: async () => {
    const [{ imageCodec, imageShapes }, { vectorCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Vector/codec"),
    ]);
    imageShapes.add("vector", vectorCodec as never);
    return { codec: imageCodec(vectorCodec as never) };
  },
});
