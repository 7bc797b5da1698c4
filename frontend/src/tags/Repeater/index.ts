/** Repeater: its content once for each element of a list. The tree is expanded before it is drawn. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Repeater",
  role: "visual",
  attrs: {
    on: { type: "value", required: true, doc: "The list, a variable." },
    indexFlag: { type: "text", default: "{{idx}}", doc: "What is replaced by the place in the list." },
    mode: {
      type: "enum",
      values: ["list", "pagination"],
      default: "list",
      doc: "All below each other, or one at a time.",
    },
  },
  resultTypes: [],
  uses: [],
  doc: "Repeats what is inside for each element of a list.",
  load: async () => ({}),
});
