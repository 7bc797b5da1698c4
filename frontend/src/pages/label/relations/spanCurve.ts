/**
 * The curve between two spans of a text. A span is the boxes of its lines, so that right-to-left and mixed lines need
 * no rules of their own. Along one line it runs below the words, since labels stand above them; else from the lower
 * edge of the upper span to the upper edge of the lower one.
 */
import type { Curve } from "../../../canvas/geometry/arrows";
import { clamp, type Point } from "../../../canvas/geometry/points";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP_PX = 2;
const LEAST_DIP_PX = 8;
const MOST_DIP_PX = 16;
/** Labels stand at the left of spans, above them; about as wide as this. */
export const LABEL_PX = 52;
const LABEL_CLEAR_PX = 6;
/** Ends nearer than this stand in each other's way. */
const LEAST_APART_PX = 12;
const MOST_PULL_PX = 70;

/** Gives the curve from one span to another; neither list of boxes may be empty. */
export function curveBetween(from: readonly Box[], to: readonly Box[]): Curve {
  const [a, b] = nearest(from, to);
  if (onOneLine(a, b)) return below(a, b);
  return a.top < b.top ? down(a, b) : reversed(down(b, a));
}

/** The two lines that are nearest to each other: long spans are joined where they meet. */
function nearest(from: readonly Box[], to: readonly Box[]): readonly [Box, Box] {
  let best: readonly [Box, Box] = [from[0] as Box, to[0] as Box];
  let away = Number.POSITIVE_INFINITY;
  for (const a of from)
    for (const b of to) {
      const far = Math.abs(a.top - b.top) * 4 + Math.abs(middleOf(a) - middleOf(b));
      if (far < away) [best, away] = [[a, b], far];
    }
  return best;
}

const middleOf = ({ left, width }: Box): number => left + width / 2;
const bottomOf = ({ top, height }: Box): number => top + height;

function onOneLine(a: Box, b: Box): boolean {
  const shared = Math.min(bottomOf(a), bottomOf(b)) - Math.max(a.top, b.top);
  return shared > Math.min(a.height, b.height) / 2;
}

/** A little towards the other end, so that arrows to both sides leave apart. */
function leaning(box: Box, other: Box): number {
  const by = (middleOf(other) - middleOf(box)) / 4;
  return middleOf(box) + clamp(by, -box.width / 4, box.width / 4);
}

/** Where an arrow from above arrives: clear of the label where the span is wide enough. */
function arriving(box: Box, other: Box): number {
  const clear = box.left + Math.min(LABEL_PX, box.width - LABEL_CLEAR_PX);
  return Math.max(leaning(box, other), clear);
}

function below(a: Box, b: Box): Curve {
  let [start, end] = [leaning(a, b), leaning(b, a)];
  if (Math.abs(start - end) < LEAST_APART_PX) {
    const spread = (LEAST_APART_PX - Math.abs(start - end)) / 2;
    const side = start <= end ? 1 : -1;
    [start, end] = [start - side * spread, end + side * spread];
  }
  const y = Math.max(bottomOf(a), bottomOf(b)) + GAP_PX;
  const dip = clamp(LEAST_DIP_PX + Math.abs(end - start) * 0.015, LEAST_DIP_PX, MOST_DIP_PX) / 0.75;
  // Ends stand upright, so that heads point at their words.
  const lean = clamp(Math.abs(end - start) * 0.1, 0, 30) * Math.sign(end - start);
  return {
    from: { x: start, y },
    to: { x: end, y },
    c1: { x: start + lean, y: y + dip },
    c2: { x: end - lean, y: y + dip },
  };
}

function down(upper: Box, lower: Box): Curve {
  const from: Point = { x: leaning(upper, lower), y: bottomOf(upper) + GAP_PX };
  const to: Point = { x: arriving(lower, upper), y: lower.top - GAP_PX };
  const pull = clamp((to.y - from.y) * 0.5, LEAST_APART_PX, MOST_PULL_PX);
  return { from, to, c1: { x: from.x, y: from.y + pull }, c2: { x: to.x, y: to.y - pull } };
}

const reversed = ({ from, to, c1, c2 }: Curve): Curve => ({ from: to, to: from, c1: c2, c2: c1 });
