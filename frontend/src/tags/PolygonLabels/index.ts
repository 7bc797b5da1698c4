/** PolygonLabels: polygons on an Image, with labels of their own. */
import { defineTag } from "../_contract/contract";
import {
  controlAttributes,
  cornerAttributes,
  labelAttributes,
  shapeAttributes,
  snapAttribute,
} from "../Image/attributes";

export default defineTag({
  name: "PolygonLabels",
  role: "control",
  attrs: {
    ...controlAttributes,
    ...shapeAttributes(2),
    ...cornerAttributes,
    ...snapAttribute,
    ...labelAttributes,
  },
  resultTypes: ["polygonlabels"],
  objects: ["Image"],
  makesRegions: true,
  hasLabels: true,
  uses: ["canvas"],
  doc: "Polygons on an Image, with labels.",
  load: async () => {
    const [{ imageCodec }, { polygonCodec }] = await Promise.all([
      import("../Image/shapes"),
      import("../Polygon/codec"),
    ]);
    return { codec: imageCodec(polygonCodec as never) };
  },
});
