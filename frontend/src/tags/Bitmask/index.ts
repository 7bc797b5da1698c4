/** Bitmask: masks painted on an Image and stored as pictures; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes } from "../Image/attributes";

export default defineTag({
  name: "Bitmask",
  role: "control",
  attrs: {
    ...controlAttributes,

    strokeWidth: {
      type: "number",
      default: 15,
      min: 1,
      doc: "Width of the brush to begin with, in image pixels.",
    },
  },
  resultTypes: ["bitmask"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Masks painted on an Image, stored as pictures.",
  load: async () => {
    const [{ imageCodec, imageShapes }, { bitmaskCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Bitmask/codec"),
    ]);
    imageShapes.add("bitmask", bitmaskCodec as never);
    return { codec: imageCodec(bitmaskCodec as never) };
  },
});
