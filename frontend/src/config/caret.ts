/**
 * What the caret stands in, in a configuration that is being written and mostly is no XML yet. Feed it any text.
 */

export interface OpenTag {
  readonly name: string;
  /** Names of the attributes that it has already, before and behind the caret. */
  readonly written: readonly string[];
}

export type CaretPlace = {
  /** The tags around, outermost first; the one that is being written is not among them. */
  readonly open: readonly string[];
} & (
  | { readonly kind: "nothing" | "content" }
  /** The name of a start tag; `from` and `to` are its ends. */
  | { readonly kind: "tag"; readonly from: number; readonly to: number; readonly name: string }
  /** The name of an end tag. */
  | { readonly kind: "close"; readonly from: number; readonly to: number; readonly name: string }
  | { readonly kind: "attribute"; readonly from: number; readonly to: number; readonly tag: OpenTag }
  | {
      readonly kind: "value";
      readonly from: number;
      readonly to: number;
      readonly tag: OpenTag;
      readonly attribute: string;
    }
);

const unparsed = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;
const name = /[^\s=/>"'<]*/y;
const space = /\s*/y;

/** Finds the place of an offset in a text. */
export function caretPlace(text: string, at: number): CaretPlace {
  const open: string[] = [];
  let next = text.indexOf("<");
  while (next >= 0 && next < at) {
    const read = readPiece(text, next, at, open);
    if (typeof read !== "number") return read;
    next = text.indexOf("<", read);
  }
  return { kind: "content", open };
}

/** The tag whose name, attribute or content the caret is in; "" outside of all. */
export function tagAtCaret(text: string, at: number): string {
  const place = caretPlace(text, at);
  if (place.kind === "attribute" || place.kind === "value") return place.tag.name;
  if (place.kind === "tag" || place.kind === "close") return place.name;
  return place.open.at(-1) ?? "";
}

/** The place when the caret is in the piece of markup, else where the next may begin. */
function readPiece(text: string, start: number, at: number, open: string[]): CaretPlace | number {
  for (const [begin, end] of unparsed) {
    if (!text.startsWith(begin, start)) continue;
    const found = text.indexOf(end, start + begin.length);
    return found < 0 || found + end.length > at ? { kind: "nothing", open } : found + end.length;
  }
  if (text.startsWith("</", start)) {
    const to = skip(name, text, start + 2);
    const closed = text.slice(start + 2, to);
    if (at >= start + 2 && at <= to) return { kind: "close", from: start + 2, to, name: closed, open };
    const opened = open.lastIndexOf(closed);
    if (opened >= 0) open.splice(opened);
    return Math.max(to, start + 2);
  }
  const to = skip(name, text, start + 1);
  const called = text.slice(start + 1, to);
  if (at <= to) return { kind: "tag", from: start + 1, to, name: called, open };
  if (called === "") return start + 1;
  return readAttributes(text, { called, from: to, at, open });
}

interface Start {
  readonly called: string;
  readonly from: number;
  readonly at: number;
  readonly open: string[];
}

function readAttributes(text: string, { called, from, at, open }: Start): CaretPlace | number {
  const tag = (): OpenTag => ({ name: called, written: attributeNames(text, from) });
  let here = from;
  while (here < text.length) {
    here = skip(space, text, here);
    if (here >= at && !/[^\s=/>"'<]/.test(text[at] ?? ""))
      return { kind: "attribute", from: at, to: at, tag: tag(), open };
    const sign = text[here];
    if (sign === ">") {
      if (text[here - 1] !== "/") open.push(called);
      return here + 1;
    }
    if (sign === "<") return here;
    const end = skip(name, text, here);
    if (end === here) {
      here += 1;
      continue;
    }
    if (at <= end) return { kind: "attribute", from: here, to: end, tag: tag(), open };
    const attribute = text.slice(here, end);
    const value = readValue(text, end);
    if (value && at >= value.from && at <= value.to)
      return { kind: "value", from: value.from, to: value.to, tag: tag(), attribute, open };
    here = value ? value.to + 1 : end;
  }
  return { kind: "attribute", from: at, to: at, tag: tag(), open };
}

/** The ends of the quoted value behind an attribute's name. One that is not closed ends with its line. */
function readValue(text: string, from: number): { from: number; to: number } | null {
  const equals = skip(space, text, from);
  if (text[equals] !== "=") return null;
  const start = skip(space, text, equals + 1);
  const quote = text[start];
  if (quote !== '"' && quote !== "'") return null;
  const end = text.indexOf(quote, start + 1);
  if (end >= 0) return { from: start + 1, to: end };
  const line = text.indexOf("\n", start);
  return { from: start + 1, to: line < 0 ? text.length : line };
}

function attributeNames(text: string, from: number): string[] {
  const names: string[] = [];
  let here = skip(space, text, from);
  while (here < text.length && text[here] !== ">" && text[here] !== "<") {
    const end = skip(name, text, here);
    if (end > here) names.push(text.slice(here, end));
    const value = readValue(text, end);
    here = skip(space, text, value ? value.to + 1 : Math.max(end, here + 1));
  }
  return names;
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
