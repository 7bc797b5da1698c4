/** Table: an object or a list of objects, shown as a table. */
import { nameAttribute } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Table",
  role: "object",
  attrs: {
    ...nameAttribute,
    value: { type: "value", required: true, doc: "The object, list, or text with JSON." },
    valueType: {
      type: "text",
      default: "json",
      doc: "The form of the value: json or csv, with options after a bar.",
    },
  },
  resultTypes: [],
  uses: [],
  doc: "Data shown as a table.",
  sample: () => ({ name: "Ada", born: 1815 }),
  load: async () => ({ view: (await import("./view")).default }),
});
