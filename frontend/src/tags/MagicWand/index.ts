/** MagicWand: masks of what looks alike on an Image; labels come from a Labels or BrushLabels beside it. */
import { defineTag } from "../_contract/contract";
import { controlAttributes } from "../Image/attributes";

export default defineTag({
  name: "MagicWand",
  role: "control",
  attrs: {
    ...controlAttributes,
    opacity: { type: "number", default: 0.6, min: 0, max: 1, doc: "How solid a mask without a label is." },
    blurradius: { type: "number", default: 5, min: 0, doc: "By how many pixels borders are rounded off." },
    defaultthreshold: {
      type: "number",
      default: 15,
      min: 0,
      max: 255,
      doc: "How much colours may differ to begin with, of 255.",
    },
  },
  resultTypes: ["magicwand"],
  objects: ["Image"],
  makesRegions: true,
  uses: ["canvas"],
  doc: "Masks of what looks alike on an Image.",
  load: async () => {
    const [{ imageCodec }, { brushCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Brush/codec"),
    ]);
    return { codec: imageCodec(brushCodec as never) };
  },
});
