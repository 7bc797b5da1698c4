/** Attributes that Text and HyperText share. */
import type { AttributeSchemas } from "../../config/schema";
import { nameAttribute } from "../_contract/attributes";

export const textAttributes: AttributeSchemas = {
  ...nameAttribute,
  value: { type: "value", required: true, doc: "The text, usually a variable such as `$text`." },
  valueType: {
    type: "enum",
    values: ["text", "url"],
    default: "text",
    doc: "Whether the value is the text or its address.",
  },
  saveTextResult: {
    type: "enum",
    values: ["yes", "no", "none"],
    doc: "Whether results hold the marked text; yes, but not for a url.",
  },
  encoding: {
    type: "enum",
    values: ["none", "base64", "base64unicode"],
    default: "none",
    doc: "How the value is encoded.",
  },
  selectionEnabled: { type: "boolean", default: true, doc: "Whether text can be marked." },
  highlightColor: { type: "color", doc: "Colour of spans without a label." },
  showLabels: { type: "boolean", default: true, doc: "Whether labels are shown at their spans." },
  granularity: {
    type: "enum",
    values: ["symbol", "word", "sentence", "paragraph"],
    default: "symbol",
    doc: "What a selection is widened to.",
  },
  style: { type: "css", doc: "CSS of the text." },
  className: { type: "text", doc: "Classes for rules of a Style tag." },
};
