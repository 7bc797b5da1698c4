/** Ranker: entries of a List put in order, or into buckets. */
import { questionAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Ranker",
  role: "control",
  attrs: {
    ...questionAttributes,
    collapsible: { type: "boolean", default: true, doc: "Whether entries can be folded." },
  },
  resultTypes: ["ranker"],
  objects: ["List"],
  uses: [],
  doc: "An order of the entries of a List.",
  load: async () => {
    const [view, codec, plan] = await Promise.all([import("./view"), import("./codec"), import("./plan")]);
    return { view: view.default, codec: codec.default, valueOnSubmit: plan.untouchedOrder };
  },
});
