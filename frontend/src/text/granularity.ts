/** Widening of a selection to words, sentences or paragraphs, and trimming of its blanks. */
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

/**
 * A selection in UTF-16 units made ready to be a span: blanks trimmed, then widened. Null when it holds
 * nothing but blanks. `symbol` still never cuts a character in two (surrogates, joined emoji).
 */
export function widen(
  text: string,
  span: UnitSpan,
  granularity: Granularity,
  locale?: string,
): UnitSpan | null {
  const trimmed = trim(text, span);
  if (!trimmed) return null;
  const paragraph = { start: paragraphStart(text, trimmed.start), end: paragraphEnd(text, trimmed.end) };
  if (granularity === "paragraph") return trim(text, paragraph);
  const unit = granularity === "symbol" ? "grapheme" : granularity;
  const slice = text.slice(paragraph.start, paragraph.end);
  const segments = segmenter(unit, locale).segment(slice);
  const first = segments.containing(trimmed.start - paragraph.start);
  const last = segments.containing(trimmed.end - 1 - paragraph.start);
  const start = paragraph.start + (first?.index ?? 0);
  const end = paragraph.start + (last ? last.index + last.segment.length : slice.length);
  return trim(text, { start, end });
}

/** A span without the blanks at its ends; null when nothing is left. */
export function trim(text: string, span: UnitSpan): UnitSpan | null {
  const slice = text.slice(span.start, span.end);
  const start = span.start + (slice.length - slice.trimStart().length);
  const end = span.end - (slice.length - slice.trimEnd().length);
  return start < end ? { start, end } : null;
}

function paragraphStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

function paragraphEnd(text: string, at: number): number {
  const end = text.indexOf("\n", Math.max(at - 1, 0));
  return end < 0 ? text.length : Math.max(end, at);
}
