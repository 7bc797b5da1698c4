/** Paragraphs: a dialogue or a list of paragraphs, with spans inside each. */
import { nameAttribute } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Paragraphs",
  role: "object",
  attrs: {
    ...nameAttribute,
    value: { type: "value", required: true, doc: "List of `{author, text}`, a variable." },
    valueType: {
      type: "enum",
      values: ["json", "url"],
      default: "json",
      doc: "Whether the value is the list or its address.",
    },
    layout: {
      type: "enum",
      values: ["none", "dialogue"],
      default: "none",
      doc: "Plain paragraphs, or lines with their speakers.",
    },
    nameKey: { type: "text", default: "author", doc: "Key of the speaker." },
    textKey: { type: "text", default: "text", doc: "Key of the words." },
    audioUrl: { type: "value", doc: "Sound that goes with the words." },
    sync: { type: "text", doc: "Name of an object that shares time with it." },
    showPlayer: { type: "boolean", default: false, doc: "Show a player for the sound." },
    saveTextResult: {
      type: "enum",
      values: ["yes", "no", "none"],
      default: "yes",
      doc: "Whether results hold the marked text.",
    },
    contextScroll: { type: "boolean", default: false, doc: "Keep the words being spoken in view." },
    granularity: {
      type: "enum",
      values: ["symbol", "word", "sentence", "paragraph"],
      default: "symbol",
      doc: "What a selection is widened to.",
    },
    highlightColor: { type: "color", doc: "Colour of spans without a label." },
    showLabels: { type: "boolean", default: true, doc: "Whether labels are shown at their spans." },
    selectionEnabled: { type: "boolean", default: true, doc: "Whether text can be marked." },
  },
  resultTypes: [],
  uses: ["text"],
  doc: "A dialogue to read, classify, and mark spans in.",
  sample: () => [
    { author: "Ann", text: "Where do you live?" },
    { author: "Bo", text: "In Oslo, since May." },
  ],
  load: async () => ({ view: (await import("./view")).default }),
});
