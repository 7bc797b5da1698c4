/** EllipseLabels: ellipses on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, labelAttributes, rotateAttribute, shapeAttributes } from "../Image/attributes";

export default defineTag({
  name: "EllipseLabels",
  role: "control",
  attrs: { ...controlAttributes, ...shapeAttributes(), ...rotateAttribute, ...labelAttributes },
  resultTypes: ["ellipselabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Ellipses on an Image, upright or turned, with labels.",
  load: async () => {
    const [{ imageCodec }, { ellipseCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Ellipse/codec"),
    ]);
    return { codec: imageCodec(ellipseCodec as never) };
  },
});
