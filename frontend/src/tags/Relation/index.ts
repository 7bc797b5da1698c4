/** Relation: one label for relations. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Relation",
  role: "part",
  parents: ["Relations"],
  attrs: {
    value: { type: "value", required: true, doc: "The label." },
    background: { type: "color", doc: "Its colour." },
  },
  resultTypes: [],
  uses: [],
  doc: "A label for relations.",
  load: async () => ({}),
});
