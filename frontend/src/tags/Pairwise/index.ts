/** Pairwise: which of two objects is better. */
import { questionAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Pairwise",
  role: "control",
  attrs: {
    ...questionAttributes,
    toName: { type: "names", required: true, doc: "Names of the two objects, with a comma between." },
    selectionStyle: { type: "css", doc: "CSS of the chosen one." },
    leftClass: { type: "text", doc: "CSS class that the first one gets while it is chosen." },
    rightClass: { type: "text", doc: "CSS class that the second one gets while it is chosen." },
  },
  resultTypes: ["pairwise"],
  uses: [],
  doc: "A choice between two objects.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
