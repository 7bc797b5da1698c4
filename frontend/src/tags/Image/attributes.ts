/** Attributes that the drawing controls of an Image share, so that each folder lists only what is its own. */
import type { AttributeSchemas } from "../../config/schema";

/** Name and object: what every control has. */
export const controlAttributes: AttributeSchemas = {
  name: { type: "name", required: true, doc: "Name by which results refer to this control." },
  toName: { type: "names", required: true, doc: "Name of the Image to draw on." },
  smart: {
    type: "boolean",
    default: true,
    doc: "Offer the tool as a smart tool too, when a model is connected.",
  },
  smartOnly: { type: "boolean", default: false, doc: "Offer the tool only as a smart tool." },
};

/** Looks of a shape; the defaults are those the editor really has. */
export function shapeAttributes(stroke = 1, color = "#f48a42", opacity = 0.2): AttributeSchemas {
  return {
    opacity: { type: "number", default: opacity, min: 0, max: 1, doc: "How solid the inside is, 0 to 1." },
    fillColor: { type: "color", default: color, doc: "Colour inside a shape without a label." },
    strokeColor: { type: "color", default: color, doc: "Colour of the outline of a shape without a label." },
    strokeWidth: { type: "number", default: stroke, min: 0, doc: "Width of the outline in screen pixels." },
  };
}

export const rotateAttribute: AttributeSchemas = {
  canRotate: { type: "boolean", default: true, doc: "Whether shapes can be turned." },
};

export const snapAttribute: AttributeSchemas = {
  snap: { type: "enum", values: ["none", "pixel"], default: "none", doc: "Round corners to whole pixels." },
};

export const cornerAttributes: AttributeSchemas = {
  pointSize: {
    type: "enum",
    values: ["small", "medium", "large"],
    default: "small",
    doc: "Size of the corners.",
  },
  pointStyle: {
    type: "enum",
    values: ["rectangle", "circle"],
    default: "circle",
    doc: "Form of the corners.",
  },
};

/** What every control with labels of its own has. */
export const labelAttributes: AttributeSchemas = {
  choice: {
    type: "enum",
    values: ["single", "multiple"],
    default: "single",
    doc: "One label a region, or several.",
  },
  maxUsages: { type: "number", min: 1, doc: "How often each label may be used in a task." },
  showInline: { type: "boolean", default: true, doc: "Labels beside one another instead of below." },
  allowEmpty: { type: "boolean", default: false, doc: "Offer a label that means none." },
  value: { type: "value", doc: "Labels from the task's data, as a list of objects." },
};
