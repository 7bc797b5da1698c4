/** Groups of attributes that many tags share. */
import type { AttributeSchemas } from "../../config/schema";

export const nameAttribute: AttributeSchemas = {
  name: { type: "name", required: true, doc: "Name that results and other tags refer to; unique." },
};

export const toNameAttribute: AttributeSchemas = {
  toName: { type: "names", required: true, doc: "Name of the object it works on." },
};

export const visibilityAttributes: AttributeSchemas = {
  visibleWhen: {
    type: "enum",
    values: ["region-selected", "no-region-selected", "choice-selected", "choice-unselected"],
    doc: "When it is shown; always, if not written.",
  },
  whenTagName: { type: "names", doc: "Narrows the condition to the control (or Choices) of this name." },
  whenLabelValue: { type: "list", doc: "Narrows the condition to regions with one of these labels." },
  whenChoiceValue: { type: "list", doc: "Narrows the condition to one of these choices." },
};

/** Of controls that ask about whole objects. */
export const questionAttributes: AttributeSchemas = {
  ...nameAttribute,
  ...toNameAttribute,
  ...visibilityAttributes,
  required: { type: "boolean", default: false, doc: "Whether an answer is needed to submit." },
  requiredMessage: { type: "text", doc: "What is said when the answer is missing." },
};

/** Of controls that can ask about each region or page as well. */
export const classifyAttributes: AttributeSchemas = {
  ...questionAttributes,
  perRegion: {
    type: "boolean",
    default: false,
    doc: "One answer for each region, shown while it is selected.",
  },
  perItem: { type: "boolean", default: false, doc: "One answer for each page of the object." },
  displayMode: {
    type: "enum",
    values: ["tag", "region-list"],
    default: "tag",
    doc: "Where a per-region answer is given: in place or in the list of regions.",
  },
};

export const labelListAttributes: AttributeSchemas = {
  ...nameAttribute,
  ...toNameAttribute,
  ...visibilityAttributes,
  choice: {
    type: "enum",
    values: ["single", "multiple"],
    default: "single",
    doc: "Whether a region has one label or several.",
  },
  value: { type: "value", doc: "List of labels in the data." },
  maxUsages: { type: "number", min: 1, doc: "How often each label may be used in a task." },
  showInline: { type: "boolean", default: true, doc: "Labels in a row; one below the other if false." },
  allowEmpty: { type: "boolean", default: false, doc: "Whether regions may have no label." },
  groupDepth: { type: "number", doc: "Depth to which labels are grouped." },
  opacity: { type: "number", min: 0, max: 1, doc: "Opacity of regions." },
  fillColor: { type: "color", doc: "Colour of regions without a label." },
  strokeColor: { type: "color", doc: "Colour of outlines." },
  strokeWidth: { type: "number", min: 0, doc: "Width of outlines in pixels." },
  fillOpacity: { type: "number", min: 0, max: 1, doc: "Opacity of the inside of regions." },
  required: { type: "boolean", default: false, doc: "Whether at least one region is needed to submit." },
  requiredMessage: { type: "text", doc: "What is said when there is none." },
};
