/** Shortcut: a text to put into a TextArea at the caret. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Shortcut",
  role: "part",
  parents: ["TextArea"],
  attrs: {
    value: { type: "value", required: true, doc: "The text that is put in." },
    alias: { type: "text", doc: "Shown instead of the text." },
    hotkey: { type: "hotkey", doc: "Its key." },
    background: { type: "color", default: "#333333", doc: "Its colour." },
  },
  resultTypes: [],
  uses: [],
  doc: "A text to put in with one press.",
  load: async () => ({}),
});
