/** What Vector and VectorLabels allow their paths to be. */
import type { AttributeSchemas } from "../../config/schema";

export const vectorAttributes: AttributeSchemas = {
  closable: { type: "boolean", default: false, doc: "Whether a path may be closed." },
  curves: { type: "boolean", default: false, doc: "Whether points may be curved." },
  skeleton: { type: "boolean", default: false, doc: "Whether paths may branch." },
  minPoints: { type: "number", min: 1, doc: "How many points a path must have." },
  maxPoints: { type: "number", min: 1, doc: "How many points a path may have." },
  pointSizeEnabled: { type: "number", default: 5, min: 1, doc: "Size of the points of a selected path." },
  pointSizeDisabled: { type: "number", default: 3, min: 1, doc: "Size of the points of other paths." },
};
