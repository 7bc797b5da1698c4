/** Label: one label of a list. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Label",
  role: "part",
  attrs: {
    value: { type: "value", required: true, doc: "The label, shown and stored." },
    alias: { type: "text", doc: "Stored instead of the value." },
    background: { type: "color", doc: "Its colour; one of the palette if not written." },
    selectedColor: { type: "color", default: "#ffffff", doc: "Colour of its text when chosen." },
    hotkey: { type: "hotkey", doc: "Its key; given automatically if not written." },
    selected: { type: "boolean", default: false, doc: "Chosen from the start in new annotations." },
    maxUsages: { type: "number", min: 1, doc: "How often it may be used in a task." },
    hint: { type: "text", doc: "Shown on hover." },
    showAlias: { type: "boolean", default: false, doc: "Show the alias beside the value." },
    aliasStyle: { type: "css", default: "opacity:0.6", doc: "CSS of the shown alias." },
    size: { type: "enum", values: ["small", "medium", "large"], default: "medium", doc: "Size of the chip." },
    granularity: {
      type: "enum",
      values: ["symbol", "word", "sentence", "paragraph"],
      doc: "What a selection is widened to with this label.",
    },
    html: { type: "text", doc: "Shown instead of the value." },
    category: { type: "text", doc: "Place in the list of categories of YOLO and COCO exports." },
  },
  resultTypes: [],
  uses: [],
  doc: "One label.",
  load: async () => ({}),
});
