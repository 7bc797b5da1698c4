/** Collapse: panels that open and close. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Collapse",
  role: "visual",
  attrs: {
    accordion: { type: "boolean", default: true, doc: "Whether only one panel is open at a time." },
    bordered: { type: "boolean", default: false, doc: "Whether panels have a border." },
    open: { type: "boolean", default: false, doc: "Whether panels are open from the start." },
  },
  resultTypes: [],
  uses: [],
  doc: "Holds Panels that open and close.",
  load: async () => ({ view: (await import("./view")).default }),
});
