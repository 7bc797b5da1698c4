/** Header: a heading, its text in `value` or inside the tag. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Header",
  role: "visual",
  attrs: {
    value: { type: "value", doc: "The text; may hold variables." },
    size: { type: "number", default: 4, min: 1, max: 6, doc: "Level of the heading, 1 the largest." },
    style: { type: "css", doc: "CSS of the heading." },
    className: { type: "text", doc: "Classes for rules of a Style tag." },
    underline: { type: "boolean", default: false, doc: "Whether the text is underlined." },
  },
  content: "text",
  resultTypes: [],
  uses: [],
  doc: "A heading.",
  load: async () => ({ view: (await import("./view")).default }),
});
