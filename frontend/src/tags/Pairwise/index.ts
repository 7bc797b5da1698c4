/** Pairwise: which of two objects is better. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Pairwise",
  role: "control",
  attrs: {
    ...classifyAttributes,
    toName: { type: "names", required: true, doc: "Names of the two objects, with a comma between." },
    selectionStyle: { type: "css", doc: "CSS of the chosen one." },
    leftClass: { type: "text", default: "left", doc: "What is stored for the first." },
    rightClass: { type: "text", default: "right", doc: "What is stored for the second." },
  },
  resultTypes: ["pairwise"],
  uses: [],
  doc: "A choice between two objects.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
