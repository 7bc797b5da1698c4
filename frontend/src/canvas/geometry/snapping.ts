/**
 * Snapping: what is dragged or drawn goes to sides and middles of what lies about when these are near, else to
 * whole pixels. Natural pixels everywhere.
 */
import type { Bounds, Point } from "./points";

/** Where something snapped to: lines across the picture. */
export interface Guides {
  readonly x?: number;
  readonly y?: number;
}

export interface Snapped {
  readonly by: Point;
  readonly guides: Guides;
}

type Axis = readonly [low: number, high: number];

const lines = ([low, high]: Axis): readonly number[] => [low, (low + high) / 2, high];
const xOf = (b: Bounds): Axis => [b.minX, b.maxX];
const yOf = (b: Bounds): Axis => [b.minY, b.maxY];

/** Gives the shortest way from one of `own` to one of `others` within reach, and where that is. */
function nearest(own: readonly number[], others: Iterable<number>, reach: number) {
  let best: { by: number; at: number } | undefined;
  for (const at of others) {
    for (const line of own) {
      const by = at - line;
      if (Math.abs(by) <= reach && (best === undefined || Math.abs(by) < Math.abs(best.by)))
        best = { by, at };
    }
  }
  return best;
}

function* linesOf(about: readonly Bounds[], axis: (b: Bounds) => Axis): Generator<number> {
  for (const b of about) yield* lines(axis(b));
}

function snapAxis(own: readonly number[], others: Iterable<number>, reach: number) {
  const near = nearest(own, others, reach);
  const first = own[0] ?? 0;
  return near === undefined
    ? { by: Math.round(first) - first, guide: undefined }
    : { by: near.by, guide: near.at };
}

function both(x: ReturnType<typeof snapAxis>, y: ReturnType<typeof snapAxis>): Snapped {
  const guides = {
    ...(x.guide === undefined ? {} : { x: x.guide }),
    ...(y.guide === undefined ? {} : { y: y.guide }),
  };
  return { by: { x: x.by, y: y.by }, guides };
}

/** Gives how much further bounds have to go so that they lie on what is about, or on whole pixels. */
export function snapBounds(bounds: Bounds, about: readonly Bounds[], reach: number): Snapped {
  return both(
    snapAxis(lines(xOf(bounds)), linesOf(about, xOf), reach),
    snapAxis(lines(yOf(bounds)), linesOf(about, yOf), reach),
  );
}

/** The same for one point, which is a corner being drawn or pulled. */
export function snapPoint(p: Point, about: readonly Bounds[], reach: number): Snapped {
  return both(snapAxis([p.x], linesOf(about, xOf), reach), snapAxis([p.y], linesOf(about, yOf), reach));
}
