/** Widening of a selection to words, sentences or paragraphs, and trimming of its blanks. */
import { countBelow } from "./offsets";
import type { UnitSpan } from "./spans";

export type Granularity = "symbol" | "word" | "sentence" | "paragraph";

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(
  granularity: "word" | "sentence" | "grapheme",
  locale: string | undefined,
): Intl.Segmenter {
  const key = `${granularity} ${locale ?? ""}`;
  const known = segmenters.get(key);
  if (known) return known;
  const made = new Intl.Segmenter(locale, { granularity });
  segmenters.set(key, made);
  return made;
}

export interface WidenOptions {
  readonly locale?: string;
  /** Units at which blocks begin, ascending: nothing is widened over them. */
  readonly edges?: readonly number[];
}

/**
 * A selection in UTF-16 units made ready to be a span: blanks trimmed, then widened. Null when it holds
 * nothing but blanks. `symbol` still never cuts a character in two (surrogates, joined emoji).
 */
export function widen(
  text: string,
  span: UnitSpan,
  granularity: Granularity,
  { locale, edges = [] }: WidenOptions = {},
): UnitSpan | null {
  const trimmed = trim(text, span);
  if (!trimmed) return null;
  const first = paragraphAt(text, trimmed.start, edges);
  const last = paragraphAt(text, trimmed.end - 1, edges);
  if (granularity === "paragraph") return trim(text, { start: first.start, end: last.end });
  const unit = granularity === "symbol" ? "grapheme" : granularity;
  const segmentAt = (paragraph: UnitSpan, at: number): UnitSpan => {
    const slice = text.slice(paragraph.start, paragraph.end);
    const found = segmenter(unit, locale)
      .segment(slice)
      .containing(at - paragraph.start);
    const start = paragraph.start + (found?.index ?? 0);
    return { start, end: found ? start + found.segment.length : paragraph.end };
  };
  return trim(text, {
    start: segmentAt(first, trimmed.start).start,
    end: segmentAt(last, trimmed.end - 1).end,
  });
}

/** A span without the blanks at its ends; null when nothing is left. */
export function trim(text: string, span: UnitSpan): UnitSpan | null {
  const slice = text.slice(span.start, span.end);
  const start = span.start + (slice.length - slice.trimStart().length);
  const end = span.end - (slice.length - slice.trimEnd().length);
  return start < end ? { start, end } : null;
}

/** The line around a unit, cut at the edges of blocks. */
function paragraphAt(text: string, at: number, edges: readonly number[]): UnitSpan {
  const line = at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  const next = text.indexOf("\n", at);
  const after = countBelow(edges, at + 1);
  return {
    start: Math.max(line, edges[after - 1] ?? 0),
    end: Math.min(next < 0 ? text.length : Math.max(next, at + 1), edges[after] ?? text.length),
  };
}
