/** Putting several things in line, or at equal distances: how far each has to move. Nothing here knows regions. */
import type { Bounds, Point } from "./points";

export type Edge = "left" | "center" | "right" | "top" | "middle" | "bottom";
export type Axis = "across" | "down";

type Span = readonly [low: number, high: number];

const across = (b: Bounds): Span => [b.minX, b.maxX];
const down = (b: Bounds): Span => [b.minY, b.maxY];
const middle = ([low, high]: Span): number => (low + high) / 2;

/** For each edge: the side of a thing that is put there, and where that side of them all is. */
const edges: Readonly<Record<Edge, { span: (b: Bounds) => Span; side: (span: Span) => number; axis: Axis }>> =
  {
    left: { span: across, side: ([low]) => low, axis: "across" },
    center: { span: across, side: middle, axis: "across" },
    right: { span: across, side: ([, high]) => high, axis: "across" },
    top: { span: down, side: ([low]) => low, axis: "down" },
    middle: { span: down, side: middle, axis: "down" },
    bottom: { span: down, side: ([, high]) => high, axis: "down" },
  };

function along(axis: Axis, by: number): Point {
  return axis === "across" ? { x: by, y: 0 } : { x: 0, y: by };
}

/** Gives the bounds of them all. */
export function joined(all: readonly Bounds[]): Bounds {
  return {
    minX: Math.min(...all.map((b) => b.minX)),
    minY: Math.min(...all.map((b) => b.minY)),
    maxX: Math.max(...all.map((b) => b.maxX)),
    maxY: Math.max(...all.map((b) => b.maxY)),
  };
}

/** Gives the move of each that brings one of its sides to that side of them all. */
export function aligned(all: readonly Bounds[], edge: Edge): Point[] {
  const { span, side, axis } = edges[edge];
  const to = side(span(joined(all)));
  return all.map((b) => along(axis, to - side(span(b))));
}

/** Gives the move of each that makes the gaps between them equal; the first and the last stay. */
export function distributed(all: readonly Bounds[], axis: Axis): Point[] {
  const span = axis === "across" ? across : down;
  const order = all.map((_, i) => i).sort((a, b) => middle(spanAt(a)) - middle(spanAt(b)));
  function spanAt(i: number): Span {
    return span(all[i] as Bounds);
  }
  const moves = all.map(() => along(axis, 0));
  const [first, last] = [order[0], order.at(-1)];
  if (all.length < 3 || first === undefined || last === undefined) return moves;
  const room = spanAt(last)[1] - spanAt(first)[0];
  const filled = order.reduce((sum, i) => sum + spanAt(i)[1] - spanAt(i)[0], 0);
  const gap = (room - filled) / (all.length - 1);
  let at = spanAt(first)[0];
  for (const i of order) {
    const [low, high] = spanAt(i);
    if (i !== first && i !== last) moves[i] = along(axis, at - low);
    at += high - low + gap;
  }
  return moves;
}
