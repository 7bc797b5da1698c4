/** Relations: the labels that relations between regions may have. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Relations",
  role: "visual",
  attrs: {
    choice: {
      type: "enum",
      values: ["single", "multiple"],
      default: "multiple",
      doc: "Whether a relation has one label or several.",
    },
    value: { type: "value", doc: "List of labels in the data." },
  },
  resultTypes: ["relation"],
  uses: [],
  doc: "Labels for relations between regions.",
  load: async () => ({ view: (await import("./view")).default }),
});
