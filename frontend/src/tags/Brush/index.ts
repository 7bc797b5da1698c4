/** Brush: masks painted on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes } from "../Image/attributes";

export default defineTag({
  name: "Brush",
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
  resultTypes: ["brush"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Masks painted on an Image with a brush.",
  load: async () => {
    const [{ imageCodec }, { brushCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Brush/codec"),
    ]);
    return { codec: imageCodec(brushCodec as never) };
  },
});
