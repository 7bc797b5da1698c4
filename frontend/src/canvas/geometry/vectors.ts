/**
 * Vectors: paths of points that each hang on an earlier one, so that a path can branch; a point may be curved, with
 * a handle towards the one before (`c1`) and one onward (`c2`). Natural pixels.
 */
import { middle, type Point } from "./points";

export interface Vertex extends Point {
  readonly id: string;
  /** The point it hangs on; null where a path begins. */
  readonly prev: string | null;
  readonly c1?: Point;
  readonly c2?: Point;
}

export interface Vector {
  readonly kind: "vector";
  readonly vertices: readonly Vertex[];
  readonly closed: boolean;
}

/** Lines that stand for one curve. */
const STEPS = 16;

/** Gives the points after `a` up to `b` of the line or curve between them. */
function segment(a: Vertex, b: Vertex): Point[] {
  if (a.c2 === undefined && b.c1 === undefined) return [{ x: b.x, y: b.y }];
  const [from, to] = [a.c2 ?? a, b.c1 ?? b];
  return Array.from({ length: STEPS }, (_, i) => {
    const t = (i + 1) / STEPS;
    const u = 1 - t;
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return { x: p * a.x + q * from.x + r * to.x + s * b.x, y: p * a.y + q * from.y + r * to.y + s * b.y };
  });
}

/** Gives the middle of the line or curve between two points. */
export function segmentMiddle(a: Vertex, b: Vertex): Point {
  const points = segment(a, b);
  return points.length === 1 ? middle(a, b) : (points[STEPS / 2 - 1] ?? middle(a, b));
}

const outlines = new WeakMap<Vector, readonly Point[]>();

/** Gives the whole path as one line, which goes back over itself where the path branches. */
export function outlineOf(vector: Vector): readonly Point[] {
  const known = outlines.get(vector);
  if (known !== undefined) return known;
  const outline = walked(vector);
  outlines.set(vector, outline);
  return outline;
}

function walked({ vertices, closed }: Vector): Point[] {
  const ids = new Set(vertices.map((vertex) => vertex.id));
  const roots = vertices.filter(({ prev }) => prev === null || !ids.has(prev));
  const children = new Map<string, Vertex[]>();
  for (const vertex of vertices)
    if (!roots.includes(vertex))
      children.set(vertex.prev ?? "", [...(children.get(vertex.prev ?? "") ?? []), vertex]);
  const path: Point[] = [];
  let left = vertices.length;
  for (const root of roots) {
    path.push({ x: root.x, y: root.y });
    left -= 1;
    const stack = [{ at: root, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = children.get(top.at.id)?.[top.next];
      top.next += 1;
      if (child !== undefined) {
        path.push(...segment(top.at, child));
        left -= 1;
        stack.push({ at: child, next: 0 });
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (parent !== undefined && left > 0) path.push(...back(parent.at, top.at));
    }
  }
  const [first, last] = [vertices[0], vertices.at(-1)];
  if (closed && first !== undefined && last !== undefined) path.push(...segment(last, first).slice(0, -1));
  return path;
}

function back(parent: Vertex, child: Vertex): Point[] {
  const forth = [{ x: parent.x, y: parent.y }, ...segment(parent, child)];
  return forth.reverse().slice(1);
}

/** Gives the vector with each of its points, handles too, carried by `carry`. */
export function mapVector(vector: Vector, carry: (p: Point) => Point): Vector {
  const point = (p: Point): Point => {
    const { x, y } = carry(p);
    return { x, y };
  };
  const vertices = vector.vertices.map((vertex) => ({
    ...vertex,
    ...point(vertex),
    ...(vertex.c1 === undefined ? {} : { c1: point(vertex.c1) }),
    ...(vertex.c2 === undefined ? {} : { c2: point(vertex.c2) }),
  }));
  return { ...vector, vertices };
}

/** Gives the vector with one point elsewhere; its handles go with it. */
export function vertexMoved(vector: Vector, index: number, to: Point): Vector {
  const vertex = vector.vertices[index];
  if (vertex === undefined) return vector;
  const by = { x: to.x - vertex.x, y: to.y - vertex.y };
  const [moved] = mapVector({ ...vector, vertices: [vertex] }, (p) => ({
    x: p.x + by.x,
    y: p.y + by.y,
  })).vertices;
  return withVertex(vector, index, moved ?? vertex);
}

/** Gives the vector with a handle pulled to a place, and the one across from it in line unless it is `alone`. */
export function handleMoved(
  vector: Vector,
  index: number,
  which: "c1" | "c2",
  to: Point,
  alone: boolean,
): Vector {
  const vertex = vector.vertices[index];
  if (vertex === undefined) return vector;
  const across = { x: 2 * vertex.x - to.x, y: 2 * vertex.y - to.y };
  const other = which === "c1" ? "c2" : "c1";
  const pulled = { ...vertex, [which]: { x: to.x, y: to.y }, ...(alone ? {} : { [other]: across }) };
  return withVertex(vector, index, pulled);
}

/** Gives the vector with a new point in the middle of what leads to one, or at a given place. */
export function vertexInserted(vector: Vector, index: number, id: string, at?: Point): Vector {
  const vertex = vector.vertices[index];
  const before = vector.vertices.find((one) => one.id === vertex?.prev);
  if (vertex === undefined || before === undefined) return vector;
  const { x, y } = at ?? segmentMiddle(before, vertex);
  const made: Vertex = { id, x, y, prev: before.id };
  const vertices = vector.vertices.slice();
  vertices.splice(index, 1, made, { ...vertex, prev: id });
  return { ...vector, vertices };
}

/** Gives the vector without a point; what hung on it hangs on the one before. */
export function vertexRemoved(vector: Vector, index: number): Vector {
  const gone = vector.vertices[index];
  if (gone === undefined) return vector;
  let prev = gone.prev;
  const vertices = vector.vertices.flatMap((vertex, i) => {
    if (i === index) return [];
    if (vertex.prev !== gone.id) return [vertex];
    const moved = { ...vertex, prev };
    // Where a path began, the first of those that hung there begins it now.
    prev ??= vertex.id;
    return [moved];
  });
  return { ...vector, vertices };
}

function withVertex(vector: Vector, index: number, vertex: Vertex): Vector {
  return { ...vector, vertices: vector.vertices.map((one, i) => (i === index ? vertex : one)) };
}
