/** Where the chips of on-screen spans go: beside the end of each span, measured, never inside the text. */
import type { Interval, IntervalIndex } from "./pick";
import { caretAt } from "./pick";
import type { TextMap } from "./textmap";

export interface ChipSpot {
  readonly id: string;
  /** Pixels from the frame's top left corner. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** The UTF-16 units on screen, a little generous; the whole text when the browser cannot say. */
export function visibleUnits(map: TextMap, root: Element): { start: number; end: number } {
  const whole = { start: 0, end: map.text.length };
  const blocks = root.children.length > 1 ? Array.from(root.children) : [];
  if (blocks.length === 0) return whole;
  // A document in a frame is as high as its content: what is seen of it is seen through the page.
  const inner = root.ownerDocument.defaultView;
  const holder = inner?.frameElement;
  const shift = holder?.getBoundingClientRect().top ?? 0;
  const height = (holder?.ownerDocument.defaultView ?? inner)?.innerHeight ?? 0;
  const first = firstIndex(blocks, (block) => block.getBoundingClientRect().bottom + shift >= 0);
  const last = firstIndex(blocks, (block) => block.getBoundingClientRect().top + shift > height);
  const from = blocks[first];
  const to = blocks[last];
  return {
    start: from ? (map.unitsAt(from, 0) ?? 0) : map.text.length,
    end: to ? (map.unitsAt(to, 0) ?? map.text.length) : map.text.length,
  };
}

function firstIndex(blocks: readonly Element[], holds: (block: Element) => boolean): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle];
    if (block && holds(block)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Spots for the chips of spans on screen, at most `limit`, relative to the frame. */
export function chipSpots(
  map: TextMap,
  index: IntervalIndex,
  frame: Element,
  shown: { readonly start: number; readonly end: number },
  limit = 200,
): readonly ChipSpot[] {
  const origin = frame.getBoundingClientRect();
  return index
    .overlapping(shown.start, shown.end)
    .slice(0, limit)
    .flatMap((span) => chipSpot(map, span, origin) ?? []);
}

function chipSpot(map: TextMap, span: Interval, origin: DOMRect): ChipSpot | null {
  const rects = map.liveRangeOf(span.start, span.end)?.getClientRects();
  const first = rects?.[0];
  if (!first) return null;
  return { id: span.id, x: first.left - origin.left, y: first.top - origin.top, height: first.height };
}

/** The UTF-16 unit under a point of the screen; null beside the text. */
export function unitAt(map: TextMap, document: Document, x: number, y: number): number | null {
  const caret = caretAt(document, x, y);
  return caret ? map.unitsAt(caret.node, caret.offset) : null;
}
