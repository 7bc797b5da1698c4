/** Vectors: `vertices` in percent of the picture, each with the id of the one it hangs on. */
import { finite, type ShapeCodec, toPercent, toPixels, type ValueChanges } from "../../canvas/codec";
import type { Point, Size } from "../../canvas/geometry/points";
import type { Vector, Vertex } from "../../canvas/geometry/vectors";
import type { Json, JsonObject } from "../../store/result";

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readPoint(stored: Json | undefined, size: Size): Point | undefined {
  if (!isObject(stored)) return undefined;
  const [x, y] = [finite(stored.x), finite(stored.y)];
  if (x === undefined || y === undefined) return undefined;
  return { x: toPixels(x, size.width), y: toPixels(y, size.height) };
}

function readVertex(stored: Json, size: Size): Vertex | null {
  const at = readPoint(stored, size);
  if (at === undefined || !isObject(stored)) return null;
  const curved = stored.isBezier === true;
  const [c1, c2] = [readPoint(stored.controlPoint1, size), readPoint(stored.controlPoint2, size)];
  return {
    id: String(stored.id ?? ""),
    ...at,
    prev: typeof stored.prevPointId === "string" ? stored.prevPointId : null,
    ...(curved && c1 ? { c1 } : {}),
    ...(curved && c2 ? { c2 } : {}),
  };
}

function read(value: JsonObject, size: Size): Vector | null {
  if (!Array.isArray(value.vertices) || value.vertices.length === 0) return null;
  const vertices: Vertex[] = [];
  for (const stored of value.vertices as readonly Json[]) {
    const vertex = readVertex(stored, size);
    if (vertex === null) return null;
    vertices.push(vertex);
  }
  return { kind: "vector", vertices, closed: value.closed === true };
}

const percent = (p: Point, size: Size) => ({ x: toPercent(p.x, size.width), y: toPercent(p.y, size.height) });
const same = (a: Point | undefined, b: Point | undefined): boolean => a?.x === b?.x && a?.y === b?.y;

const sameVertex = (a: Vertex | null, b: Vertex): boolean =>
  a !== null && same(a, b) && a.prev === b.prev && a.id === b.id && same(a.c1, b.c1) && same(a.c2, b.c2);

/** A point that stayed keeps what was stored; of one that changed, keys nobody here knows survive. */
function writeVertex(vertex: Vertex, stored: Json | undefined, size: Size): Json {
  const old = isObject(stored) ? stored : {};
  if (stored !== undefined && sameVertex(readVertex(stored, size), vertex)) return stored;
  const curved = vertex.c1 !== undefined || vertex.c2 !== undefined;
  return {
    ...old,
    id: vertex.id,
    ...percent(vertex, size),
    prevPointId: vertex.prev,
    isBezier: curved,
    ...(vertex.c1 ? { controlPoint1: percent(vertex.c1, size) } : {}),
    ...(vertex.c2 ? { controlPoint2: percent(vertex.c2, size) } : {}),
  };
}

function write(shape: Vector, size: Size, old: JsonObject = {}): ValueChanges {
  const before = read(old, size);
  const changes: ValueChanges = {};
  if (before === null || before.closed !== shape.closed) changes.closed = shape.closed;
  const stored = before === null ? [] : (old.vertices as readonly Json[]);
  const byId = new Map(before?.vertices.map((vertex, i) => [vertex.id, stored[i]]));
  const vertices = shape.vertices.map((vertex) => writeVertex(vertex, byId.get(vertex.id), size));
  const untouched = vertices.length === stored.length && vertices.every((one, i) => one === stored[i]);
  if (!untouched) changes.vertices = vertices;
  return changes;
}

export const vectorCodec: ShapeCodec<Vector> = { kind: "vector", marks: ["vertices"], read, write };
