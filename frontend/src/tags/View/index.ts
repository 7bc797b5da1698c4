/** View: a container; anything inside, laid out by its `style` and `display`. */
import { visibilityAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "View",
  role: "visual",
  attrs: {
    ...visibilityAttributes,
    display: { type: "enum", values: ["block", "inline"], default: "block", doc: "Stacked or in the line." },
    style: { type: "css", doc: "CSS of the box; only layout, colours and type are taken." },
    className: { type: "text", doc: "Classes for rules of a Style tag." },
    idAttr: { type: "text", doc: "An id for rules of a Style tag." },
    whenRole: { type: "text", doc: "Narrows the condition to messages of this role." },
  },
  resultTypes: [],
  uses: [],
  doc: "A container for other tags.",
  load: async () => ({ view: (await import("./view")).default }),
});
