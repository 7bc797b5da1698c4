/** Ellipse: ellipses on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, rotateAttribute, shapeAttributes } from "../Image/attributes";

export default defineTag({
  name: "Ellipse",
  role: "control",
  attrs: { ...controlAttributes, ...shapeAttributes(), ...rotateAttribute },
  resultTypes: ["ellipse"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Ellipses on an Image, upright or turned.",
  load: async () => {
    const [{ imageCodec }, { ellipseCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Ellipse/codec"),
    ]);
    return { codec: imageCodec(ellipseCodec as never) };
  },
});
