/** ParagraphLabels: labels for spans of Paragraphs. */
import { labelListAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "ParagraphLabels",
  role: "control",
  attrs: labelListAttributes,
  resultTypes: ["paragraphlabels"],
  objects: ["Paragraphs"],
  makesRegions: true,
  hasLabels: true,
  uses: ["text"],
  doc: "Labels for spans of Paragraphs.",
  load: async () => {
    const [view, codec] = await Promise.all([import("../Labels/view"), import("../Labels/codec")]);
    return { view: view.default, codec: codec.default };
  },
});
