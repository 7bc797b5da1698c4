/** The text of a code in pieces: what its parts are, what faults are about, and what stands between. */
import { type CodeFault, positionOf } from "./codePlace";

export type CodeKind = "tag" | "name" | "value" | "comment";

export interface CodePiece {
  readonly text: string;
  readonly isFaulty: boolean;
  /** What it is in XML; undefined where nothing is made of it. */
  readonly kind: CodeKind | undefined;
}

/** More marks than these help nobody, and are drawn anew at every key. */
const MOST_MARKS = 100;
/** Longer texts are left in one colour: programs write them, and typing in them must stay quick. */
const LONGEST_COLOURED = 30_000;

type Range = readonly [from: number, to: number];

/** Where the word begins and ends that a fault is about; the last sign of the line where it is about its end. */
export function faultRange(text: string, { line, column }: CodeFault): Range | null {
  if (line === null) return null;
  const at = positionOf(text, line, column ?? 1);
  const word = /^<?\/?[\w:.-]+|^[^\s\w]/.exec(text.slice(at, at + 200))?.[0];
  if (word) return [at, at + word.length];
  const before = text.slice(0, at).trimEnd().length;
  return before > 0 ? [before - 1, before] : null;
}

/** The whole text in pieces, in order; marks that overlap are one. */
export function codePieces(text: string, faults: readonly CodeFault[], isXml = false): readonly CodePiece[] {
  const marks = faults.slice(0, MOST_MARKS).flatMap((fault) => {
    const range = faultRange(text, fault);
    return range ? [range] : [];
  });
  const parts = isXml && text.length <= LONGEST_COLOURED ? xmlParts(text) : [];
  const cuts = new Set([0, text.length, ...marks.flat(), ...parts.flatMap(({ range }) => range)]);
  const places = [...cuts].sort((a, b) => a - b);
  let part = 0;
  return places.slice(0, Math.max(1, places.length - 1)).map((from, index) => {
    const to = places[index + 1] ?? text.length;
    while ((parts[part]?.range[1] ?? text.length + 1) <= from) part += 1;
    const { kind, range } = parts[part] ?? {};
    return {
      text: text.slice(from, to),
      isFaulty: marks.some(([begin, end]) => begin <= from && to <= end && begin < end),
      kind: range && range[0] <= from ? kind : undefined,
    };
  });
}

const xmlPart = new RegExp(
  [
    "(?<comment><!--[\\s\\S]*?(?:-->|$))",
    "(?<tag></?[\\w:.-]+|/?>)",
    "(?<name>[\\w:.-]+(?=\\s*=\\s*[\"']))",
    "(?<value>(?<==\\s*)(?:\"[^\"]*\"|'[^']*'))",
  ].join("|"),
  "g",
);

function xmlParts(text: string): readonly { readonly range: Range; readonly kind: CodeKind }[] {
  return Array.from(text.matchAll(xmlPart), (found) => {
    const kinds = Object.entries(found.groups ?? {});
    const kind = kinds.find(([, part]) => part !== undefined)?.[0] as CodeKind;
    return { range: [found.index, found.index + found[0].length], kind };
  });
}
