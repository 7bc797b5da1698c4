/** BitmaskLabels: masks painted on an Image and stored as pictures, with labels of their own. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, labelAttributes } from "../Image/attributes";

export default defineTag({
  name: "BitmaskLabels",
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
  resultTypes: ["bitmasklabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Masks painted on an Image, stored as pictures, with labels.",
  load: async () => {
    const [{ imageCodec, imageShapes }, { bitmaskCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Bitmask/codec"),
    ]);
    imageShapes.add("bitmask", bitmaskCodec as never);
    return { codec: imageCodec(bitmaskCodec as never) };
  },
});
