/** Choices: one or several of a list, for the object, a page or each region. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Choices",
  role: "control",
  attrs: {
    ...classifyAttributes,
    value: { type: "value", doc: "List of choices in the data." },
    choice: {
      type: "enum",
      values: ["single", "single-radio", "multiple"],
      default: "single",
      doc: "Whether one or several may be chosen.",
    },
    layout: {
      type: "enum",
      values: ["vertical", "inline", "select"],
      default: "vertical",
      doc: "How they are laid out.",
    },
    showInline: { type: "boolean", default: false, doc: "The same as layout inline." },
    allowNested: {
      type: "boolean",
      default: false,
      doc: "Whether choices may hold choices; stored are paths.",
    },
  },
  resultTypes: ["choices"],
  uses: [],
  doc: "A choice of one or several.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
