/**
 * The shapes an image region can have, in natural pixels, and what can be asked of any of them.
 *
 * A rectangle is stored by its top-left corner and turned around that corner, as results have it; tools turn
 * it around its centre. Nothing here knows results, percent or the screen.
 */
import { type Mask, maskBounds, maskHas } from "./masks";
import { type Bounds, boundsOf, distance, distanceToSegment, minus, type Point, plus, turn } from "./points";
import { mapVector, outlineOf, type Vector } from "./vectors";

/** `x, y` is the corner the rectangle is turned around, by `rotation` degrees clockwise. */
export interface Rect {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

/** `x, y` is the centre. */
export interface Ellipse {
  readonly kind: "ellipse";
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly rotation: number;
}

export interface Polygon {
  readonly kind: "polygon";
  readonly points: readonly Point[];
  readonly closed: boolean;
}

/** `size` is the width of the dot in image pixels; it is kept, and shown at a constant size on screen. */
export interface KeyPoint {
  readonly kind: "point";
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Painted pixels. A mask is painted and rubbed out; it is neither moved, turned nor pulled. */
export interface MaskShape {
  readonly kind: "mask";
  readonly mask: Mask;
}

export type Shape = Rect | Ellipse | Polygon | KeyPoint | MaskShape | Vector;
export type ShapeKind = Shape["kind"];

export function rectCenter(rect: Rect): Point {
  return plus(rect, turn({ x: rect.width / 2, y: rect.height / 2 }, rect.rotation));
}

/** Gives the corners in order: top left, top right, bottom right, bottom left of the unturned rectangle. */
export function rectCorners(rect: Rect): [Point, Point, Point, Point] {
  const at = (x: number, y: number) => plus(rect, turn({ x, y }, rect.rotation));
  return [at(0, 0), at(rect.width, 0), at(rect.width, rect.height), at(0, rect.height)];
}

/** Gives the upright rectangle between two opposite points. */
export function rectBetween(a: Point, b: Point): Rect {
  return {
    kind: "rect",
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
    rotation: 0,
  };
}

/** Gives the rectangle an ellipse touches from inside, with its rotation. */
export function ellipseFrame(ellipse: Ellipse): Rect {
  const { radiusX, radiusY, rotation } = ellipse;
  const corner = plus(ellipse, turn({ x: -radiusX, y: -radiusY }, rotation));
  return { kind: "rect", ...corner, width: radiusX * 2, height: radiusY * 2, rotation };
}

export function ellipseIn(frame: Rect): Ellipse {
  const center = rectCenter(frame);
  return {
    kind: "ellipse",
    ...center,
    radiusX: frame.width / 2,
    radiusY: frame.height / 2,
    rotation: frame.rotation,
  };
}

export function shapeBounds(shape: Shape): Bounds {
  switch (shape.kind) {
    case "rect":
      return boundsOf(rectCorners(shape));
    case "ellipse": {
      const u = turn({ x: shape.radiusX, y: 0 }, shape.rotation);
      const v = turn({ x: 0, y: shape.radiusY }, shape.rotation);
      const [dx, dy] = [Math.hypot(u.x, v.x), Math.hypot(u.y, v.y)];
      return { minX: shape.x - dx, minY: shape.y - dy, maxX: shape.x + dx, maxY: shape.y + dy };
    }
    case "polygon":
      return boundsOf(shape.points);
    case "vector":
      return boundsOf(outlineOf(shape));
    case "point":
      return { minX: shape.x, minY: shape.y, maxX: shape.x, maxY: shape.y };
    case "mask":
      return maskBounds(shape.mask);
  }
}

export function shapeArea(shape: Shape): number {
  switch (shape.kind) {
    case "rect":
      return shape.width * shape.height;
    case "ellipse":
      return Math.PI * shape.radiusX * shape.radiusY;
    case "polygon":
      return polygonArea(shape.points);
    case "vector":
      return shape.closed ? polygonArea(outlineOf(shape)) : 0;
    case "point":
      return 0;
    case "mask":
      return shape.mask.count;
  }
}

/** Gives a vector as the polygon that looks like it: its curves as lines, going back over its branches. */
export function flattened(vector: Vector): Polygon {
  return { kind: "polygon", points: outlineOf(vector), closed: vector.closed };
}

/** Gives the area inside a simple polygon, whichever way round it goes. */
export function polygonArea(points: readonly Point[]): number {
  let twice = 0;
  let last = points[points.length - 1];
  for (const p of points) {
    if (last !== undefined) twice += last.x * p.y - p.x * last.y;
    last = p;
  }
  return Math.abs(twice) / 2;
}

/** Gives the middle of a shape: what it is turned around. */
export function shapeCenter(shape: Shape): Point {
  if (shape.kind === "rect") return rectCenter(shape);
  if (shape.kind === "ellipse" || shape.kind === "point") return { x: shape.x, y: shape.y };
  const b = shapeBounds(shape);
  return { x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 };
}

/** True when `p` lies in the shape or within `tolerance` pixels of its outline; points only know the latter. */
export function hits(shape: Shape, p: Point, tolerance: number): boolean {
  switch (shape.kind) {
    case "rect": {
      const local = turn(minus(p, shape), -shape.rotation);
      const insideX = local.x >= -tolerance && local.x <= shape.width + tolerance;
      return insideX && local.y >= -tolerance && local.y <= shape.height + tolerance;
    }
    case "ellipse": {
      const local = turn(minus(p, shape), -shape.rotation);
      const [rx, ry] = [shape.radiusX + tolerance, shape.radiusY + tolerance];
      return rx > 0 && ry > 0 && (local.x / rx) ** 2 + (local.y / ry) ** 2 <= 1;
    }
    case "vector":
      return hits(flattened(shape), p, tolerance);
    case "polygon":
      return (shape.closed && polygonContains(shape.points, p)) || nearOutline(shape, p, tolerance);
    case "point":
      return distance(shape, p) <= tolerance;
    case "mask":
      return maskHas(shape.mask, p);
  }
}

/** True inside by the even-odd rule, which is also how polygons are filled. */
export function polygonContains(points: readonly Point[], p: Point): boolean {
  let inside = false;
  let last = points[points.length - 1];
  for (const q of points) {
    if (last !== undefined && q.y > p.y !== last.y > p.y) {
      if (p.x < ((last.x - q.x) * (p.y - q.y)) / (last.y - q.y) + q.x) inside = !inside;
    }
    last = q;
  }
  return inside;
}

function nearOutline(polygon: Polygon, p: Point, tolerance: number): boolean {
  return nearestEdge(polygon, p).distance <= tolerance;
}

/** Gives the edge nearest to `p`, by the number of its first point, and how far away it is. */
export function nearestEdge(polygon: Polygon, p: Point): { edge: number; distance: number } {
  const { points, closed } = polygon;
  let best = { edge: -1, distance: Infinity };
  for (let i = 0; i < points.length; i += 1) {
    const next = points[i + 1] ?? (closed ? points[0] : undefined);
    const here = points[i];
    if (here === undefined || next === undefined) continue;
    const away = distanceToSegment(p, here, next);
    if (away < best.distance) best = { edge: i, distance: away };
  }
  return best;
}

export function moved<S extends Shape>(shape: S, by: Point): S {
  if (shape.kind === "mask" || (by.x === 0 && by.y === 0)) return shape;
  if (shape.kind === "vector") return mapVector(shape, (p) => plus(p, by)) as S;
  if (shape.kind === "polygon") return { ...shape, points: shape.points.map((p) => plus(p, by)) };
  return { ...shape, x: shape.x + by.x, y: shape.y + by.y };
}

/** Gives the shape turned clockwise around its middle, or around a given point. Points only travel. */
export function turned(shape: Shape, degrees: number, around: Point = shapeCenter(shape)): Shape {
  if (shape.kind === "mask") return shape;
  const carry = (p: Point) => plus(around, turn(minus(p, around), degrees));
  if (shape.kind === "vector") return mapVector(shape, carry);
  if (shape.kind === "polygon") return { ...shape, points: shape.points.map(carry) };
  if (shape.kind === "point") return { ...shape, ...carry(shape) };
  return { ...shape, ...carry(shape), rotation: normalDegrees(shape.rotation + degrees) };
}

/** Gives an angle in [0, 360). */
export function normalDegrees(degrees: number): number {
  const angle = ((degrees % 360) + 360) % 360;
  return angle === 360 ? 0 : angle;
}

/** Where on a frame one pulls: −1 and 1 are the two sides, 0 leaves that direction alone. */
export interface Pull {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/**
 * Gives the rectangle with one side or corner pulled to `to`. Pulled past the opposite side it turns over
 * rather than getting a negative size. `keepRatio` holds the proportions, when a corner is pulled.
 */
export function resized(rect: Rect, pull: Pull, to: Point, keepRatio = false): Rect {
  const local = turn(minus(to, rect), -rect.rotation);
  let [left, top, right, bottom] = [0, 0, rect.width, rect.height];
  if (pull.x < 0) left = local.x;
  if (pull.x > 0) right = local.x;
  if (pull.y < 0) top = local.y;
  if (pull.y > 0) bottom = local.y;
  if (keepRatio && pull.x !== 0 && pull.y !== 0 && rect.width > 0 && rect.height > 0) {
    const scale = Math.max(Math.abs(right - left) / rect.width, Math.abs(bottom - top) / rect.height);
    const width = scale * rect.width * Math.sign(right - left || 1);
    const height = scale * rect.height * Math.sign(bottom - top || 1);
    if (pull.x < 0) left = right - width;
    else right = left + width;
    if (pull.y < 0) top = bottom - height;
    else bottom = top + height;
  }
  const corner = plus(rect, turn({ x: Math.min(left, right), y: Math.min(top, bottom) }, rect.rotation));
  return { ...rect, ...corner, width: Math.abs(right - left), height: Math.abs(bottom - top) };
}

/** Gives any shape with its right and bottom sides moved: what Alt and the arrows do. Never below one pixel. */
export function grown(shape: Shape, by: Point): Shape {
  if (shape.kind === "rect") {
    return {
      ...shape,
      width: Math.max(1, shape.width + by.x),
      height: Math.max(1, shape.height + by.y),
    };
  }
  if (shape.kind === "ellipse") return ellipseIn(grown(ellipseFrame(shape), by) as Rect);
  if (shape.kind === "point") return { ...shape, size: Math.max(1, shape.size + by.x + by.y) };
  if (shape.kind === "mask") return shape;
  const b = shapeBounds(shape);
  const scale = (size: number, more: number) => (size > 0 ? Math.max(1, size + more) / size : 1);
  const sx = scale(b.maxX - b.minX, by.x);
  const sy = scale(b.maxY - b.minY, by.y);
  const carry = (p: Point) => ({ x: b.minX + (p.x - b.minX) * sx, y: b.minY + (p.y - b.minY) * sy });
  if (shape.kind === "vector") return mapVector(shape, carry);
  return { ...shape, points: shape.points.map(carry) };
}

/** Gives the move nearest to `by` that keeps `bounds` within `within`, as far as it was within before. */
export function keptWithin(bounds: Bounds, by: Point, within: Bounds): Point {
  const axis = (min: number, max: number, low: number, high: number, d: number) => {
    const least = Math.min(0, low - min);
    const most = Math.max(0, high - max);
    return Math.min(Math.max(d, least), most);
  };
  return {
    x: axis(bounds.minX, bounds.maxX, within.minX, within.maxX, by.x),
    y: axis(bounds.minY, bounds.maxY, within.minY, within.maxY, by.y),
  };
}
