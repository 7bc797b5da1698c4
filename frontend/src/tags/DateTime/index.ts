/** DateTime: a date, a time, a month or a year. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "DateTime",
  role: "control",
  attrs: {
    ...classifyAttributes,
    only: {
      type: "enums",
      values: ["date", "time", "month", "year"],
      doc: "Which parts; date and time if not written.",
    },
    format: { type: "text", doc: "Form of the stored text in strftime's signs." },
    min: { type: "text", doc: "Earliest date (ISO), or year." },
    max: { type: "text", doc: "Latest date (ISO), or year." },
  },
  resultTypes: ["datetime"],
  uses: [],
  doc: "A date and time.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
