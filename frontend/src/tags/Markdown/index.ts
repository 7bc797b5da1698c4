/** Markdown: text with simple marks, shown as such. */
import { visibilityAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Markdown",
  role: "visual",
  attrs: {
    ...visibilityAttributes,
    value: { type: "value", doc: "The text; may hold variables." },
    style: { type: "css", doc: "CSS of the text." },
    className: { type: "text", doc: "Classes for rules of a Style tag." },
    idAttr: { type: "text", doc: "An id for rules of a Style tag." },
  },
  content: "text",
  resultTypes: [],
  uses: [],
  doc: "Text with headings, lists, emphasis, code and links.",
  load: async () => ({ view: (await import("./view")).default }),
});
