/** What the pictures of the documentation show: one screen for each kind of work, with results worth looking at. */
import type { ResultItem } from "../../src/api/types";
import { maskOf } from "../../src/canvas/geometry/masks";
import { encodeRle } from "../../src/tags/Brush/rle";
import { galleryTemplates } from "./gallery";

export interface Scene {
  /** Also the name of the picture. */
  readonly id: string;
  readonly title: string;
  readonly config: string;
  readonly sample: Record<string, unknown>;
  readonly result: readonly ResultItem[];
}

const size = { width: 1200, height: 800 };
const shared = { to_name: "image", original_width: 1200, original_height: 800, image_rotation: 0 };

const box = (label: string, [x, y, width, height]: readonly number[]): ResultItem => ({
  ...shared,
  id: `box ${x}`,
  from_name: "box",
  type: "rectanglelabels",
  value: { x, y, width, height, rotation: 0, rectanglelabels: [label] },
});

const object = (label: string, [x = 0, ...place]: readonly number[]): ResultItem => {
  return { ...box(label, [x, ...place]), id: `object ${x}`, from_name: "object" };
};

const related = (from: string, to: string, label: string): ResultItem =>
  ({ type: "relation", from_id: from, to_id: to, direction: "right", labels: [label] }) as ResultItem;

const outline = (label: string, points: readonly (readonly number[])[]): ResultItem => ({
  ...shared,
  id: `area ${points[0]}`,
  from_name: "area",
  type: "polygonlabels",
  value: { points, closed: true, polygonlabels: [label] },
});

/** Everything of the harbour between two heights of the picture, in pixels. */
function band(label: string, from: number, to: number): ResultItem {
  const data = new Uint8Array(size.width * size.height);
  data.fill(255, from * size.width, to * size.width);
  const rle = encodeRle(maskOf(data, size), size);
  return {
    ...shared,
    id: label,
    from_name: "mask",
    type: "brushlabels",
    value: { format: "rle", rle, brushlabels: [label] },
  };
}

const span = (from: string, label: string, text: string, at: string): ResultItem => {
  const start = text.indexOf(at);
  const value = { start, end: start + at.length, text: at, labels: [label] };
  return { id: at, from_name: from, to_name: "text", type: "labels", value };
};

const letter =
  "Ada Lovelace wrote to Charles Babbage from London. He answered on 12 July 1843, and the Royal Society " +
  "printed her notes a month later.";
const portrait =
  "Ingrid Solheim joined the Bergen Ferry Company in 2019 and now leads its harbour office. She lives in Florø, " +
  "an hour away by boat, and the company owns the lighthouse of Kinn.";
const people: readonly (readonly [string, string])[] = [
  ["PER", "Ada Lovelace"],
  ["PER", "Charles Babbage"],
  ["LOC", "London"],
  ["DATE", "12 July 1843"],
  ["ORG", "Royal Society"],
];

interface Plan {
  readonly template: string;
  readonly title: string;
  readonly sample?: Record<string, unknown>;
  readonly result?: readonly ResultItem[];
}

const plans: Readonly<Record<string, Plan>> = {
  boxes: {
    template: "object-detection",
    title: "Boxes on a picture",
    result: [
      box("Boat", [9.5, 41.5, 29, 19]),
      box("Boat", [37.5, 58, 21.5, 19]),
      box("Person", [60.5, 67, 2.7, 9]),
      box("Person", [63.4, 67, 2.7, 9]),
      box("Buoy", [78, 81, 3.4, 6]),
    ],
  },
  polygons: { template: "semantic-segmentation-polygons", title: "Outlines", result: [] },
  masks: {
    template: "semantic-segmentation-masks",
    title: "Painted masks",
    result: [band("Sky", 0, 300), band("Water", 465, 800)],
  },
  keypoints: { template: "keypoints", title: "Key points" },
  spans: {
    template: "named-entities",
    title: "Spans of a text",
    sample: { text: letter },
    result: people.map(([label, text]) => span("entity", label, letter, text)),
  },
  relations: {
    template: "relation-extraction",
    title: "Relations between spans",
    sample: { text: portrait },
    result: [
      span("entity", "Person", portrait, "Ingrid Solheim"),
      span("entity", "Organization", portrait, "Bergen Ferry Company"),
      span("entity", "Place", portrait, "Florø"),
      span("entity", "Place", portrait, "Kinn"),
      related("Ingrid Solheim", "Bergen Ferry Company", "works for"),
      related("Ingrid Solheim", "Florø", "lives in"),
      related("Bergen Ferry Company", "Kinn", "owns"),
    ],
  },
  scene: {
    template: "scene-graph",
    title: "Relations on a picture",
    result: [
      object("Thing", [9.5, 41.5, 29, 19]),
      object("Thing", [37.5, 58, 21.5, 19]),
      object("Person", [60.5, 67, 2.7, 9]),
      object("Person", [63.4, 67, 2.7, 9]),
      object("Thing", [78, 81, 3.4, 6]),
      related("object 60.5", "object 9.5", "looks at"),
      related("object 60.5", "object 37.5", "holds"),
      related("object 63.4", "object 78", "looks at"),
    ],
  },
  html: { template: "html-entities", title: "Spans of a web page" },
  dialogue: { template: "dialogue-acts", title: "Dialogues" },
  pairwise: { template: "human-preference", title: "The better of two" },
  ranker: { template: "rag-evaluation", title: "Ranking into buckets" },
  choices: { template: "content-moderation", title: "Choices that lead to others" },
  taxonomy: { template: "topic-taxonomy", title: "Trees" },
  forms: { template: "freeform-metadata", title: "Dates, numbers and texts" },
  transcription: { template: "ocr", title: "Texts on pictures" },
  table: { template: "tabular-data", title: "Tables" },
};

const roofs = [
  outline("Roof", [
    [28.3, 36],
    [35.8, 34.5],
    [36, 42],
    [28.8, 43],
  ]),
];

/** All of them, in the order in which the documentation shows them. */
export function showcase(): Scene[] {
  const known = new Map(galleryTemplates().map((template) => [template.id, template]));
  return Object.entries(plans).map(([id, plan]) => {
    const template = known.get(plan.template);
    if (!template) throw new Error(`there is no template ${plan.template}`);
    const result = id === "polygons" ? roofs : (plan.result ?? template.expected);
    return { id, title: plan.title, config: template.config, sample: plan.sample ?? template.sample, result };
  });
}
