/**
 * Spans of HyperText as results carry them, found in a document and written from a selection.
 *
 * Reading trusts the paths first, then the offsets in displayed text, then the text itself nearby. A span
 * that is found nowhere stays "not located": the region is kept, only not drawn.
 */
import type { TextMap } from "./textmap";
import { nodeAt, pathOf } from "./xpath";

/** A span in UTF-16 units of the map's joined text, end exclusive. */
export interface UnitSpan {
  readonly start: number;
  readonly end: number;
}

/** The keys of a HyperText span in `value`. */
export interface PathSpan {
  readonly start: string;
  readonly startOffset: number;
  readonly end: string;
  readonly endOffset: number;
  readonly globalOffsets?: { readonly start: number; readonly end: number };
  readonly text?: string;
}

/** Says a span in the form results carry. */
export function describeSpan(map: TextMap, span: UnitSpan): Required<PathSpan> | null {
  const from = map.spotAt(span.start);
  const to = map.spotAt(span.end, true);
  if (!from || !to || span.start >= span.end) return null;
  return {
    start: pathOf(from.node, map.root),
    startOffset: from.offset,
    end: pathOf(to.node, map.root),
    endOffset: to.offset,
    globalOffsets: { start: map.shownAt(span.start), end: map.shownAt(span.end) },
    text: map.text.slice(span.start, span.end),
  };
}

/** Finds a span: by path, by displayed offsets, by its text near where it should be; null when nowhere. */
export function locateSpan(map: TextMap, span: PathSpan): UnitSpan | null {
  const byPath = fromPaths(map, span);
  if (byPath && agrees(map, byPath, span.text)) return byPath;
  const byOffsets = fromGlobal(map, span);
  if (byOffsets && agrees(map, byOffsets, span.text)) return byOffsets;
  return searchNear(map, span.text, byPath?.start ?? byOffsets?.start ?? 0) ?? byPath ?? byOffsets;
}

function fromPaths(map: TextMap, span: PathSpan): UnitSpan | null {
  const from = nodeAt(span.start, map.root);
  const to = nodeAt(span.end, map.root);
  const start = from && map.unitsAt(from, span.startOffset);
  const end = to && map.unitsAt(to, span.endOffset);
  return typeof start === "number" && typeof end === "number" && start < end ? { start, end } : null;
}

function fromGlobal(map: TextMap, span: PathSpan): UnitSpan | null {
  const offsets = span.globalOffsets;
  if (!offsets || !(offsets.start < offsets.end)) return null;
  const start = map.unitsOfShown(offsets.start);
  const end = map.unitsOfShown(offsets.end, true);
  return start < end ? { start, end } : null;
}

/** Compares without white space, which exporters collapse as they like. */
function agrees(map: TextMap, span: UnitSpan, text: string | undefined): boolean {
  return !text || bare(map.text.slice(span.start, span.end)) === bare(text);
}

const bare = (text: string) => text.replace(/\s|\\n/g, "");

function searchNear(map: TextMap, text: string | undefined, around: number): UnitSpan | null {
  if (!text) return null;
  let best = -1;
  for (let at = map.text.indexOf(text); at >= 0; at = map.text.indexOf(text, at + 1))
    if (best < 0 || Math.abs(at - around) < Math.abs(best - around)) best = at;
  return best < 0 ? null : { start: best, end: best + text.length };
}
