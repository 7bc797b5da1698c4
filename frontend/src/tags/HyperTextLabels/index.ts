/** HyperTextLabels: labels for spans of HyperText. */
import { labelListAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "HyperTextLabels",
  role: "control",
  attrs: labelListAttributes,
  resultTypes: ["hypertextlabels", "htmllabels"],
  objects: ["HyperText"],
  makesRegions: true,
  hasLabels: true,
  uses: ["text"],
  doc: "Labels for spans of HyperText.",
  load: async () => {
    const [view, codec] = await Promise.all([import("../Labels/view"), import("../Labels/codec")]);
    return { view: view.default, codec: codec.default };
  },
});
