/** Vector: paths on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, cornerAttributes, shapeAttributes, snapAttribute } from "../Image/attributes";
import { vectorAttributes } from "./attributes";

export default defineTag({
  name: "Vector",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...shapeAttributes(),
    ...cornerAttributes,
    ...snapAttribute,
    ...vectorAttributes,
  },
  resultTypes: ["vector"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Paths on an Image, with curves and branches.",
  load: async () => {
    const [{ imageCodec, imageShapes }, { vectorCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Vector/codec"),
    ]);
    imageShapes.add("vector", vectorCodec as never);
    return { codec: imageCodec(vectorCodec as never) };
  },
});
