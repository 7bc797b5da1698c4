/** KeyPointLabels: key points on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, labelAttributes, shapeAttributes, snapAttribute } from "../Image/attributes";

export default defineTag({
  name: "KeyPointLabels",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...shapeAttributes(2, "#8bad00", 0.9),
    ...snapAttribute,
    ...labelAttributes,
  },
  resultTypes: ["keypointlabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Single points on an Image, with labels.",
  load: async () => {
    const [{ imageCodec }, { keyPointCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../KeyPoint/codec"),
    ]);
    return { codec: imageCodec(keyPointCodec as never) };
  },
});
