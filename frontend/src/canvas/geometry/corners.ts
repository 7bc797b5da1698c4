/** Corners of polygons and points of vectors, changed one at a time and in the same words. */
import { middle, type Point } from "./points";
import type { Polygon, Shape } from "./shapes";
import { type Vector, vertexInserted, vertexMoved, vertexRemoved } from "./vectors";

export type Cornered = Polygon | Vector;

export function isCornered(shape: Shape | null): shape is Cornered {
  return shape?.kind === "polygon" || shape?.kind === "vector";
}

export function cornersIn(shape: Cornered): readonly Point[] {
  return shape.kind === "polygon" ? shape.points : shape.vertices;
}

/** Fewer corners than these make no such shape. */
export function fewest(shape: Cornered): number {
  return shape.kind === "polygon" ? 3 : 2;
}

export function cornerMoved(shape: Cornered, corner: number, to: Point): Cornered {
  if (shape.kind === "vector") return vertexMoved(shape, corner, to);
  return { ...shape, points: shape.points.map((p, i) => (i === corner ? to : p)) };
}

/** Gives the shape with a new corner before the one of this number; `id` names it in a vector. */
export function cornerInserted(shape: Cornered, corner: number, id: string, at?: Point): Cornered {
  if (shape.kind === "vector") return vertexInserted(shape, corner, id, at);
  const [before, after] = [shape.points[corner - 1], shape.points[corner % shape.points.length]];
  const place = at ?? (before && after ? middle(before, after) : undefined);
  if (place === undefined) return shape;
  return { ...shape, points: shape.points.toSpliced(corner, 0, place) };
}

export function cornerRemoved(shape: Cornered, corner: number): Cornered {
  if (shape.kind === "vector") return vertexRemoved(shape, corner);
  return { ...shape, points: shape.points.filter((_, i) => i !== corner) };
}
