/** Choice: one entry of Choices or of a Taxonomy. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Choice",
  role: "part",
  attrs: {
    value: { type: "value", required: true, doc: "The choice, shown and stored." },
    alias: { type: "text", doc: "Stored instead of the value." },
    selected: { type: "boolean", default: false, doc: "Chosen from the start in new annotations." },
    hotkey: { type: "hotkey", doc: "Its key; given automatically if not written." },
    hint: { type: "text", doc: "Shown on hover." },
    html: { type: "text", doc: "Shown instead of the value." },
    style: { type: "css", doc: "CSS of the entry." },
    color: { type: "color", doc: "Its colour in a Taxonomy." },
    background: { type: "color", doc: "Its colour." },
  },
  resultTypes: [],
  uses: [],
  doc: "One entry to choose.",
  load: async () => ({}),
});
