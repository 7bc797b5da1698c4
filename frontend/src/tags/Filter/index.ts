/** Filter: a search box that narrows a list of labels or choices. It writes nothing. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Filter",
  role: "visual",
  attrs: {
    toName: { type: "name", required: true, doc: "Name of the list it narrows." },
    name: { type: "name", doc: "A name for the box." },
    placeholder: { type: "text", default: "Quick Filter", doc: "Shown while empty." },
    minlength: { type: "number", default: 3, min: 0, doc: "How many letters it takes to narrow." },
    hotkey: { type: "hotkey", doc: "A key that goes to the box." },
    caseSensetive: { type: "boolean", default: false, doc: "Whether case matters (spelt as it is known)." },
    cleanup: { type: "boolean", default: true, doc: "Whether the box is emptied after a choice." },
  },
  resultTypes: [],
  uses: [],
  doc: "A box that narrows a list.",
  load: async () => ({ view: (await import("./view")).default }),
});
