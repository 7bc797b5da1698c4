/** Rectangle: boxes on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, rotateAttribute, shapeAttributes, snapAttribute } from "../Image/attributes";

export default defineTag({
  name: "Rectangle",
  role: "control",
  attrs: { ...controlAttributes, ...shapeAttributes(), ...rotateAttribute, ...snapAttribute },
  resultTypes: ["rectangle"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Boxes on an Image, upright or turned.",
  load: async () => {
    const [{ imageCodec }, { rectangleCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Rectangle/codec"),
    ]);
    return { codec: imageCodec(rectangleCodec as never) };
  },
});
