/**
 * Where things stand in a configuration's text: a scan of its start tags and comments.
 *
 * The browser's parser says whether the text is XML; this scan only finds places (for faults and the
 * editor) and the few faults that parsers disagree on. It is not a parser: feed it any text.
 */
import type { Place } from "./tree";

export interface SourceAttribute {
  readonly name: string;
  readonly offset: number;
}

export interface SourceTag {
  readonly name: string;
  readonly offset: number;
  readonly attributes: readonly SourceAttribute[];
}

export interface SourceScan {
  /** Start tags in document order: the n-th is the n-th element. */
  readonly tags: readonly SourceTag[];
  readonly comments: readonly string[];
  /** Offset of a document type declaration, or -1. */
  readonly doctype: number;
}

const piece = /<!--([\s\S]*?)-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|(<!DOCTYPE)|<([^\s/>!?][^\s/>]*)/giu;
const attribute = /\s*([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')|\s*(\/?>)/gy;

/** Finds the start tags, comments and document type of a text. */
export function scanSource(text: string): SourceScan {
  const tags: SourceTag[] = [];
  const comments: string[] = [];
  let doctype = -1;
  piece.lastIndex = 0;
  for (let match = piece.exec(text); match; match = piece.exec(text)) {
    const [, comment, declared, name] = match;
    if (comment !== undefined) comments.push(comment);
    else if (declared && doctype < 0) doctype = match.index;
    else if (name) {
      const { attributes, end } = scanAttributes(text, piece.lastIndex);
      tags.push({ name, offset: match.index, attributes });
      piece.lastIndex = end;
    }
  }
  return { tags, comments, doctype };
}

function scanAttributes(text: string, from: number): { attributes: SourceAttribute[]; end: number } {
  const attributes: SourceAttribute[] = [];
  attribute.lastIndex = from;
  let end = from;
  for (let match = attribute.exec(text); match; match = attribute.exec(text)) {
    end = attribute.lastIndex;
    const name = match[1];
    if (name === undefined) break;
    attributes.push({ name, offset: match.index + match[0].indexOf(name) });
  }
  return { attributes, end };
}

/** The place of a UTF-16 offset in a text. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/** The offset of a place; past the end of a line or text gives that end. */
export function offsetOf(text: string, place: Place): number {
  let offset = 0;
  for (let line = 1; line < place.line; line++) {
    const next = text.indexOf("\n", offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return Math.min(offset + place.column - 1, text.length);
}
