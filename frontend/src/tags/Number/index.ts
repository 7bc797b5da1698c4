/** Number: a number, typed or slid. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Number",
  role: "control",
  attrs: {
    ...classifyAttributes,
    min: { type: "number", doc: "The least number allowed." },
    max: { type: "number", doc: "The greatest number allowed." },
    step: { type: "number", min: 0, doc: "The distance of allowed numbers, counted from the least or 0." },
    defaultValue: { type: "number", doc: "Taken on submit when nothing is written." },
    slider: { type: "boolean", default: false, doc: "Shown as a slider." },
    hotkey: { type: "hotkey", doc: "A key that goes to the field." },
  },
  resultTypes: ["number"],
  uses: [],
  doc: "A number.",
  load: async () => {
    const [view, codec, usual] = await Promise.all([
      import("./view"),
      import("./codec"),
      import("./default"),
    ]);
    return { view: view.default, codec: codec.default, valueOnSubmit: usual.defaultNumber };
  },
});
