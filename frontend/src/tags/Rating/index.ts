/** Rating: stars, 1 to `maxRating`. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Rating",
  role: "control",
  attrs: {
    ...classifyAttributes,
    maxRating: { type: "number", default: 5, min: 1, doc: "The best rating." },
    defaultValue: { type: "number", default: 0, min: 0, doc: "The rating to begin with." },
    size: {
      type: "enum",
      values: ["small", "medium", "large"],
      default: "medium",
      doc: "Size of the stars.",
    },
    icon: { type: "text", default: "star", doc: "The sign; all are shown as stars." },
    hotkey: { type: "hotkey", doc: "A key that adds one, and starts again after the best." },
  },
  resultTypes: ["rating"],
  uses: [],
  doc: "A rating in stars.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
