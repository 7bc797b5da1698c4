/** HyperText: HTML, cleaned of whatever acts, with spans that results keep as paths. */
import { defineTag } from "../_contract/contract";
import { textAttributes } from "../Text/attributes";

export default defineTag({
  name: "HyperText",
  otherNames: ["HTML"],
  role: "object",
  attrs: {
    ...textAttributes,
    value: { type: "value", doc: "The markup, usually a variable; it may stand inside the tag instead." },
    inline: { type: "boolean", default: false, doc: "Shown in the page instead of a frame of its own." },
    clickableLinks: { type: "boolean", default: false, doc: "Whether links can be followed." },
  },
  content: "markup",
  resultTypes: [],
  uses: ["text"],
  doc: "HTML to read, classify, and mark spans in.",
  sample: () => "<h3>Minutes</h3><p>Anna moved to <b>Oslo</b> in May.</p>",
  load: async () => ({ view: (await import("./view")).default }),
});
