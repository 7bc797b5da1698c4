/** Points, rectangles of bounds and angles: the smallest pieces of plane geometry. Pixels, y downward. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const RADIANS = Math.PI / 180;

/** Gives `p` turned by `degrees`, clockwise on screen, around the origin. Right angles are exact. */
export function turn(p: Point, degrees: number): Point {
  const angle = ((degrees % 360) + 360) % 360;
  if (angle === 0) return p;
  if (angle === 90) return { x: -p.y, y: p.x };
  if (angle === 180) return { x: -p.x, y: -p.y };
  if (angle === 270) return { x: p.y, y: -p.x };
  const cos = Math.cos(angle * RADIANS);
  const sin = Math.sin(angle * RADIANS);
  return { x: p.x * cos - p.y * sin, y: p.x * sin + p.y * cos };
}

export function plus(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y };
}

export function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Gives the angle of `p` seen from `from`, in degrees clockwise from the positive x axis. */
export function angleOf(p: Point, from: Point): number {
  return Math.atan2(p.y - from.y, p.x - from.x) / RADIANS;
}

/** Gives the shortest distance from `p` to the segment a–b. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / length;
  const clamped = Math.max(0, Math.min(1, t));
  return Math.hypot(p.x - a.x - clamped * dx, p.y - a.y - clamped * dy);
}

export function boundsOf(points: Iterable<Point>): Bounds {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    if (x < minX) minX = x;
    if (y < minY) minY = y;
    if (x > maxX) maxX = x;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function insideBounds(inner: Bounds, outer: Bounds): boolean {
  return (
    inner.minX >= outer.minX &&
    inner.minY >= outer.minY &&
    inner.maxX <= outer.maxX &&
    inner.maxY <= outer.maxY
  );
}

export function overlap(a: Bounds, b: Bounds): boolean {
  return a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
