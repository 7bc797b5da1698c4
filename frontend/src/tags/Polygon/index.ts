/** Polygon: polygons on an Image; labels come from a Labels control beside it, if any. */
import { defineTag } from "../_contract/contract";
import { controlAttributes, cornerAttributes, shapeAttributes, snapAttribute } from "../Image/attributes";

export default defineTag({
  name: "Polygon",
  role: "control",
  attrs: { ...controlAttributes, ...shapeAttributes(), ...cornerAttributes, ...snapAttribute },
  resultTypes: ["polygon"],
  objects: ["Image"],
  makesRegions: true,

  uses: ["canvas"],
  doc: "Polygons on an Image.",
  load: async () => {
    const [{ imageCodec }, { polygonCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Polygon/codec"),
    ]);
    return { codec: imageCodec(polygonCodec as never) };
  },
});
