/** What each tag is shown and told to write in the matrix of pairs: plain tables, one entry for each tag. */

/** What an object shows, and where regions lie on it. */
export interface ObjectCase {
  readonly markup: (name: string) => string;
  readonly data: object;
  /** Keys that every item of a region on it has. */
  readonly shared?: object;
  /** Two places of text, for objects that have spans. */
  readonly spans?: readonly [object, object];
  /** The control that makes the regions which other controls ask about. */
  readonly region?: string;
  /** The same object with several pages. */
  readonly pages?: { readonly markup: string; readonly data: object };
}

const turns = [
  { author: "Ann", text: "Where do you live?" },
  { author: "Bo", text: "In Oslo 😀, since May." },
];

export const objectCases: Readonly<Record<string, ObjectCase>> = {
  Image: {
    markup: (name) => `<Image name="${name}" value="$image"/>`,
    data: { image: "/samples/harbour.svg" },
    shared: { original_width: 1200, original_height: 800, image_rotation: 0 },
    region: "RectangleLabels",
    pages: {
      markup: '<Image name="obj" valueList="$pages"/>',
      data: { pages: ["/samples/page-1.svg", "/samples/page-2.svg"] },
    },
  },
  Text: {
    markup: (name) => `<Text name="${name}" value="$text"/>`,
    data: { text: "😀 Ada met Grace in Oslo." },
    spans: [
      { start: 2, end: 5, text: "Ada" },
      { start: 10, end: 15, text: "Grace" },
    ],
    region: "Labels",
  },
  HyperText: {
    markup: (name) => `<HyperText name="${name}" value="$html"/>`,
    data: { html: "<h3>Minutes 😀</h3><p>Ada moved to <b>Oslo</b> in May.</p>" },
    spans: [
      {
        start: "/p[1]/b[1]/text()[1]",
        startOffset: 0,
        end: "/p[1]/b[1]/text()[1]",
        endOffset: 4,
        globalOffsets: { start: 22, end: 26 },
        text: "Oslo",
      },
      {
        start: "/p[1]/text()[1]",
        startOffset: 0,
        end: "/p[1]/text()[1]",
        endOffset: 3,
        globalOffsets: { start: 9, end: 12 },
        text: "Ada",
      },
    ],
    region: "HyperTextLabels",
  },
  Paragraphs: {
    markup: (name) => `<Paragraphs name="${name}" value="$talk" layout="dialogue"/>`,
    data: { talk: turns },
    spans: [
      { start: "1", end: "1", startOffset: 3, endOffset: 7, text: "Oslo" },
      { start: "0", end: "0", startOffset: 13, endOffset: 17, text: "live" },
    ],
    region: "ParagraphLabels",
  },
  List: {
    markup: (name) => `<List name="${name}" value="$answers" title="Answers"/>`,
    data: {
      answers: [
        { id: "a1", title: "Gull", body: "A sea bird." },
        { id: "a2", title: "Crow", body: "A land bird." },
        { id: "a3", title: "Tern", body: "Another sea bird." },
      ],
    },
  },
  Table: {
    markup: (name) => `<Table name="${name}" value="$record"/>`,
    data: { record: { Port: "Bergen", Berth: 4 } },
  },
};

/** Two regions of a control that draws; spans are the object's. */
export interface RegionCase {
  readonly attributes?: string;
  readonly values?: readonly [object, object];
}

const box = (x: number, y: number) => ({ x, y, width: 25, height: 20, rotation: 0 });
const round = (x: number, y: number) => ({ x, y, radiusX: 12, radiusY: 8, rotation: 0 });
const corners = (x: number, y: number) => ({
  points: [
    [x, y],
    [x + 25, y + 4],
    [x + 10, y + 22],
  ],
  closed: true,
});
const dot = (x: number, y: number) => ({ x, y, width: 0.9 });
const path = (x: number, y: number) => ({
  vertices: [
    { id: "a", x, y, prevPointId: null, isBezier: false },
    { id: "b", x: x + 15, y: y + 12, prevPointId: "a", isBezier: false },
    { id: "c", x: x + 30, y, prevPointId: "b", isBezier: false },
  ],
  closed: false,
});
/** What a stroke of the hand covers is judged apart, not pixel by pixel. */
export const PAINTED = "what was painted";
const rle = { format: "rle", rle: PAINTED };
const png = { imageDataURL: PAINTED };

const twoOf = (make: (x: number, y: number) => object): RegionCase => ({
  values: [make(20, 20), make(60, 60)],
});
const both = (name: string, one: RegionCase) => ({ [name]: one, [`${name}Labels`]: one });

export const regionCases: Readonly<Record<string, RegionCase>> = {
  ...both("Rectangle", twoOf(box)),
  ...both("Ellipse", twoOf(round)),
  ...both("Polygon", twoOf(corners)),
  ...both("KeyPoint", twoOf(dot)),
  ...both("Vector", twoOf(path)),
  ...both("Brush", { values: [rle, rle] }),
  ...both("Bitmask", { values: [png, png] }),
  MagicWand: { values: [rle, rle] },
  Labels: {},
  HyperTextLabels: {},
  ParagraphLabels: {},
};

/** An answer, the one given later, and what is stored then. */
export interface Answer {
  readonly attributes?: string;
  readonly inner?: string;
  readonly value: object;
  readonly again: object;
  readonly after: object;
  /** The names of its objects, where it needs more than one. */
  readonly toName?: string;
  /** What its results say they speak of, where that is not the object. */
  readonly writtenTo?: string;
  /** What it stores for a span, where it labels spans. */
  readonly path?: readonly (readonly string[])[];
}

const tree =
  '<Choice value="Animal"><Choice value="Bird"><Choice value="Owl" alias="o"/></Choice></Choice><Choice value="Plant"/>';

const replaced = (value: object, again: object): Pick<Answer, "value" | "again" | "after"> => ({
  value,
  again,
  after: again,
});

const answerCases: Readonly<Record<string, Answer>> = {
  Choices: {
    inner: '<Choice value="Calm"/><Choice value="Wild" alias="w"/>',
    ...replaced({ choices: ["Calm"] }, { choices: ["w"] }),
  },
  Taxonomy: {
    inner: tree,
    value: { taxonomy: [["Animal", "Bird", "o"]] },
    again: { taxonomy: [["Plant"]] },
    after: { taxonomy: [["Animal", "Bird", "o"], ["Plant"]] },
    path: [["Animal", "Bird", "o"]],
  },
  TextArea: {
    attributes: 'rows="2" maxSubmissions="1"',
    ...replaced({ text: ["Quiet & “calm”"] }, { text: ["更安静"] }),
  },
  Rating: replaced({ rating: 4 }, { rating: 2 }),
  Number: { attributes: 'min="-5" max="100" step="0.5"', ...replaced({ number: 17.5 }, { number: -3 }) },
  DateTime: replaced({ datetime: "2024-02-29T18:05" }, { datetime: "2025-12-01T00:30" }),
  Pairwise: {
    toName: "obj,other",
    writtenTo: "c",
    ...replaced({ selected: "right" }, { selected: "left" }),
  },
  Ranker: {
    inner: '<Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/>',
    ...replaced(
      { ranker: { _: ["a2"], good: ["a3", "a1"], bad: [] } },
      { ranker: { _: [], good: ["a1"], bad: ["a2", "a3"] } },
    ),
  },
};

export const answerOf = (tag: string): Answer | undefined => answerCases[tag];
