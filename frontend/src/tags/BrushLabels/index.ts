/** BrushLabels: masks painted on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, labelAttributes } from "../Image/attributes";

export default defineTag({
  name: "BrushLabels",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...labelAttributes,
    strokeWidth: {
      type: "number",
      default: 15,
      min: 1,
      doc: "Width of the brush to begin with, in image pixels.",
    },
  },
  resultTypes: ["brushlabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Masks painted on an Image with a brush, with labels.",
  load: async () => {
    const [{ imageCodec }, { brushCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Brush/codec"),
    ]);
    return { codec: imageCodec(brushCodec as never) };
  },
});
