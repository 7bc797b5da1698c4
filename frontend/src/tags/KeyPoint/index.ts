/** KeyPoint: key points on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, shapeAttributes, snapAttribute } from "../Image/attributes";

export default defineTag({
  name: "KeyPoint",
  role: "control",
  attrs: { ...controlAttributes, ...shapeAttributes(2, "#8bad00", 0.9), ...snapAttribute },
  resultTypes: ["keypoint"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Single points on an Image.",
  load: async () => {
    const [{ imageCodec }, { keyPointCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../KeyPoint/codec"),
    ]);
    return { codec: imageCodec(keyPointCodec as never) };
  },
});
