/** Labels: a list of labels for spans of text, segments of sound, or shapes of an unlabeled tool. Holds Label, too. */
import { labelListAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

const labels = defineTag({
  name: "Labels",
  role: "control",
  attrs: labelListAttributes,
  resultTypes: ["labels"],
  makesRegions: true,
  hasLabels: true,
  uses: [],
  doc: "Labels for regions of text, HyperText and Audio, and for shapes without labels of their own.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});

export default labels;
