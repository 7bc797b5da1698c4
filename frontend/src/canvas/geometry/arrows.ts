/**
 * Where the arrow between two things begins and ends: on the edge of each, on the line between their middles. And the
 * curve that is drawn from the one to the other, what lies near it, and the heads at its ends.
 */
import { maskHas } from "./masks";
import { type Bounds, distance, distanceToSegment, middle, minus, type Point, plus } from "./points";
import { flattened, rectCorners, type Shape, shapeBounds, shapeCenter } from "./shapes";

/** The two ends of an arrow. */
export interface Chord {
  readonly from: Point;
  readonly to: Point;
}

/** A cubic Bézier curve: its ends, and what it is pulled towards. */
export interface Curve extends Chord {
  readonly c1: Point;
  readonly c2: Point;
}

/** Steps along a mask: its edge is found to the part of its size that nobody sees. */
const MASK_STEPS = 256;

/** Gives the ends of an arrow from one shape to another, each on the edge of its shape. */
export function chordBetween(a: Shape, b: Shape): Chord {
  const [from, to] = [anchorOf(a), anchorOf(b)];
  const chord = { from: edgeToward(a, from, to), to: edgeToward(b, to, from) };
  const apart = distance(from, to);
  if (distance(from, chord.from) + distance(to, chord.to) < apart) return chord;
  // One reaches into the other, or holds it: both edges as seen from beyond them.
  const far = beyond(from, to, a, b);
  return { from: edgeToward(a, from, far), to: edgeToward(b, to, far) };
}

/** Gives what an arrow points to the middle of; for an open line, a place on it. */
export function anchorOf(shape: Shape): Point {
  if (shape.kind === "vector") return anchorOf(flattened(shape));
  if (shape.kind !== "polygon" || shape.closed) return shapeCenter(shape);
  const { points } = shape;
  const half = points.length / 2;
  const [before, after] = [points[Math.ceil(half) - 1], points[Math.floor(half)]];
  return before && after ? middle(before, after) : shapeCenter(shape);
}

/** Gives where a line from `outside` to the shape's anchor first meets the shape. */
export function edgeToward(shape: Shape, anchor: Point, outside: Point): Point {
  switch (shape.kind) {
    case "point":
      return { x: shape.x, y: shape.y };
    case "rect":
      return outlineToward(rectCorners(shape), true, anchor, outside);
    case "polygon":
      return outlineToward(shape.points, shape.closed, anchor, outside);
    case "vector":
      return edgeToward(flattened(shape), anchor, outside);
    case "ellipse": {
      const { x, y } = unturned(minus(outside, anchor), shape.rotation);
      const reach = Math.hypot(x / shape.radiusX, y / shape.radiusY);
      return reach > 1 ? along(anchor, outside, 1 / reach) : outside;
    }
    case "mask":
      return maskToward(shape, anchor, outside);
  }
}

/** The first crossing on the way in; where there is none, the place on the outline nearest to `outside`. */
function outlineToward(points: readonly Point[], closed: boolean, anchor: Point, outside: Point): Point {
  let first = Number.POSITIVE_INFINITY;
  let [nearest, away] = [anchor, Number.POSITIVE_INFINITY];
  const count = closed ? points.length : points.length - 1;
  for (let i = 0; i < count; i += 1) {
    const [p, q] = [points[i] as Point, points[(i + 1) % points.length] as Point];
    first = Math.min(first, crossing(outside, anchor, p, q));
    const there = distanceToSegment(outside, p, q);
    if (there < away) [nearest, away] = [nearestOn(p, q, outside), there];
  }
  return first <= 1 ? along(outside, anchor, first) : nearest;
}

/** How far along a–b it meets p–q, 0 to 1; infinite when it does not. */
function crossing(a: Point, b: Point, p: Point, q: Point): number {
  const [d, e, w] = [minus(b, a), minus(q, p), minus(p, a)];
  const cross = d.x * e.y - d.y * e.x;
  if (Math.abs(cross) < 1e-12) return Number.POSITIVE_INFINITY;
  const t = (w.x * e.y - w.y * e.x) / cross;
  const u = (w.x * d.y - w.y * d.x) / cross;
  return t >= 0 && t <= 1 && u >= -1e-9 && u <= 1 + 1e-9 ? t : Number.POSITIVE_INFINITY;
}

function nearestOn(p: Point, q: Point, to: Point): Point {
  const d = minus(q, p);
  const square = d.x * d.x + d.y * d.y;
  const t = square === 0 ? 0 : ((to.x - p.x) * d.x + (to.y - p.y) * d.y) / square;
  return along(p, q, Math.max(0, Math.min(1, t)));
}

function maskToward(shape: Extract<Shape, { kind: "mask" }>, anchor: Point, outside: Point): Point {
  const frame = frameToward(shapeBounds(shape), anchor, outside);
  for (let i = 0; i <= MASK_STEPS; i += 1) {
    const p = along(frame, anchor, i / MASK_STEPS);
    if (maskHas(shape.mask, p)) return p;
  }
  return frame;
}

function frameToward({ minX, minY, maxX, maxY }: Bounds, anchor: Point, outside: Point): Point {
  const corners = rectCorners({
    kind: "rect",
    x: minX,
    y: minY,
    width: maxX - minX,
    height: maxY - minY,
    rotation: 0,
  });
  return outlineToward(corners, true, anchor, outside);
}

/** A point beyond both shapes, in the direction of the second; upwards when they have one middle. */
function beyond(from: Point, to: Point, a: Shape, b: Shape): Point {
  const apart = distance(from, to);
  const unit = apart < 1e-6 ? { x: 0, y: -1 } : along({ x: 0, y: 0 }, minus(to, from), 1 / apart);
  const far = apart + sizeOf(shapeBounds(a)) + sizeOf(shapeBounds(b)) + 1;
  return plus(from, { x: unit.x * far, y: unit.y * far });
}

const sizeOf = ({ minX, minY, maxX, maxY }: Bounds): number => Math.hypot(maxX - minX, maxY - minY);

function along(a: Point, b: Point, t: number): Point {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

function unturned(p: Point, degrees: number): Point {
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { x: p.x * cos - p.y * sin, y: p.x * sin + p.y * cos };
}

/** Shorter arrows reach into what they join, so that there is something to see and to hit. */
const SHORTEST_PX = 26;
const BOW = 0.12;
const MOST_BOW_PX = 28;
const LOOP_PX = 26;

/**
 * Gives the curve of an arrow on the screen: bowed to one side, so that the arrow back is another one; a loop where
 * both ends are one place. Pixels.
 */
export function bowed({ from, to }: Chord, gap = 0): Curve {
  const length = distance(from, to);
  if (length < 2) return loopAt(from);
  const unit = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const spare = length - 2 * gap < SHORTEST_PX ? (length - SHORTEST_PX) / 2 : gap;
  const [a, b] = [
    { x: from.x + unit.x * spare, y: from.y + unit.y * spare },
    { x: to.x - unit.x * spare, y: to.y - unit.y * spare },
  ];
  const bow = Math.min(MOST_BOW_PX, length * BOW);
  const side = { x: unit.y * bow, y: -unit.x * bow };
  return { from: a, to: b, c1: plus(along(a, b, 1 / 3), side), c2: plus(along(a, b, 2 / 3), side) };
}

function loopAt(at: Point): Curve {
  const [left, right] = [plus(at, { x: -5, y: -2 }), plus(at, { x: 5, y: -2 })];
  return {
    from: left,
    to: right,
    c1: plus(left, { x: -LOOP_PX * 0.8, y: -LOOP_PX * 1.4 }),
    c2: plus(right, { x: LOOP_PX * 0.8, y: -LOOP_PX * 1.4 }),
  };
}

/** Gives the place on a curve, 0 at its beginning and 1 at its end. */
export function pointOn({ from, c1, c2, to }: Curve, t: number): Point {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    x: a * from.x + b * c1.x + c * c2.x + d * to.x,
    y: a * from.y + b * c1.y + c * c2.y + d * to.y,
  };
}

const PIECES = 12;

/** Gives how far a place is from a curve; infinite when it is farther than `reach`. */
export function distanceToCurve(curve: Curve, p: Point, reach: number): number {
  const { from, c1, c2, to } = curve;
  // A curve lies within what it is pulled towards.
  if (p.x < Math.min(from.x, c1.x, c2.x, to.x) - reach) return Number.POSITIVE_INFINITY;
  if (p.x > Math.max(from.x, c1.x, c2.x, to.x) + reach) return Number.POSITIVE_INFINITY;
  if (p.y < Math.min(from.y, c1.y, c2.y, to.y) - reach) return Number.POSITIVE_INFINITY;
  if (p.y > Math.max(from.y, c1.y, c2.y, to.y) + reach) return Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  let last = from;
  for (let i = 1; i <= PIECES; i += 1) {
    const next = pointOn(curve, i / PIECES);
    best = Math.min(best, distanceToSegment(p, last, next));
    last = next;
  }
  return best <= reach ? best : Number.POSITIVE_INFINITY;
}

/** Gives the three corners of the head at the end of a curve (or at its beginning): the tip first. */
export function headOf(curve: Curve, end: "to" | "from", length: number): readonly [Point, Point, Point] {
  const [tip, pulled] = end === "to" ? [curve.to, curve.c2] : [curve.from, curve.c1];
  const away = distance(tip, pulled) || 1;
  const unit = { x: (pulled.x - tip.x) / away, y: (pulled.y - tip.y) / away };
  const base = { x: tip.x + unit.x * length, y: tip.y + unit.y * length };
  const half = length * 0.45;
  return [
    tip,
    { x: base.x - unit.y * half, y: base.y + unit.x * half },
    { x: base.x + unit.y * half, y: base.y - unit.x * half },
  ];
}
