/** What sample tasks are made of. Media are addresses of the bundled samples. The server knows the same. */
import { readFlag } from "./attributes";
import type { JsonValue } from "./json";
import { descendants, type TagNode } from "./tree";

const SENTENCE = "The ferry to Bergen leaves at nine, and Ingrid Solheim has two tickets.";
const TIME_SERIES_ROWS = 100;

/** Examples for keys with a name of their own, where a tag shows text or a document. */
export const examplesByKey: Readonly<Record<string, JsonValue>> = {
  ner: "Ada Lovelace wrote to Charles Babbage from London in the summer of 1843.",
  ocr: "/samples/receipt.svg",
  captioning: "/samples/harbour.svg",
  longText: Array.from({ length: 12 }, () => SENTENCE).join(" "),
  pdf: "/samples/document.pdf",
  website: "<article><h1>Harbour</h1><p>Two ferries will be <b>replaced</b> this year.</p></article>",
  humanMachineDialogue: [
    { author: "Visitor", text: "When does the museum close today?" },
    { author: "Assistant", text: "At six. The last entry is at half past five." },
    { author: "Visitor", text: "And is the tower open?" },
  ],
};

const isUrl = (node: TagNode) => node.attributes.get("valuetype") === "url";

function paragraphs(node: TagNode): JsonValue {
  if (isUrl(node)) return "/samples/dialogue.json";
  const author = node.attributes.get("namekey") || "author";
  const text = node.attributes.get("textkey") || "text";
  const lines = [
    ["Mira", "Did you see the new timetable?"],
    ["Jon", "Yes, the first boat is at six now."],
  ] as const;
  return lines.map(([who, words], at) => ({
    [author]: who,
    [text]: words,
    start: 2 * at,
    end: 2 * at + 1.8,
  }));
}

function timeSeries(node: TagNode): JsonValue {
  const time = node.attributes.get("timecolumn") || "time";
  const found = [...descendants(node)]
    .filter(({ tag }) => tag.toLowerCase() === "channel")
    .flatMap((channel) => channel.attributes.get("column") || []);
  const columns = found.length ? found : ["value"];
  if (node.attributes.get("valuetype") === "json") {
    const rows = Array.from({ length: TIME_SERIES_ROWS }, (_, row) => row);
    const waves = columns.map((column, at) => [column, rows.map((row) => wave(row, at))] as const);
    return { [time]: rows, ...Object.fromEntries(waves) };
  }
  const separator = node.attributes.get("sep") || ",";
  const query = new URLSearchParams({ time, values: columns.join(","), sep: separator });
  const format = node.attributes.get("timeformat");
  if (format) query.set("tf", format);
  return `/samples/time-series.csv?${query}`;
}

const wave = (row: number, at: number) => Math.round(Math.sin((row + 7 * at) / 8) * 10_000) / 10_000;

const tree = [
  { value: "Boat", children: [{ value: "Ferry" }, { value: "Sailing boat" }] },
  { value: "Harbour" },
];

const listWords = ["quick and clear", "long but thorough", "off the point"];

const page = "<div><h2>Harbour news</h2><p>The ferry <b>Solveig</b> sails again on <i>Monday</i>.</p></div>";
const hypertext = (node: TagNode) => (isUrl(node) ? "/samples/page.html" : page);

/** An example for each kind of tag, by its documented name and older ones. */
export const examples: Readonly<Record<string, (node: TagNode) => JsonValue>> = {
  Text: (node) => (isUrl(node) ? "/samples/text.txt" : SENTENCE),
  HyperText: hypertext,
  HTML: hypertext,
  Header: () => "Which answer is better?",
  Markdown: () => "**Read** the text, then choose.",
  Image: () => "/samples/harbour.svg",
  Audio: () => "/samples/speech.wav",
  AudioPlus: () => "/samples/speech.wav",
  Video: () => "/samples/boats.mp4",
  Pdf: () => "/samples/document.pdf",
  Paragraphs: paragraphs,
  TimeSeries: timeSeries,
  Table: () => ({ Port: "Bergen", Berth: 4, Passengers: 212 }),
  List: () => listWords.map((body, at) => ({ id: `item-${at + 1}`, title: `Answer ${at + 1}`, body })),
  Choices: (node) =>
    readFlag(node, "allowNested") ? tree : [{ value: "First choice" }, { value: "Second choice" }],
  Taxonomy: () => tree,
  Chat: () => [
    { role: "user", content: "When does the ferry leave?" },
    { role: "assistant", content: "At nine o'clock, from berth four." },
  ],
};
