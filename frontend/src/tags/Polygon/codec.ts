/** Polygons: `points` as pairs in percent of the picture; one without `closed` is closed, as old results are. */
import { finite, type ShapeCodec, toPercent, toPixels, type ValueChanges } from "../../canvas/codec";
import type { Point, Size } from "../../canvas/geometry/points";
import type { Polygon } from "../../canvas/geometry/shapes";
import type { Json, JsonObject } from "../../store/result";

function readPoint(pair: Json, size: Size): Point | null {
  if (!Array.isArray(pair)) return null;
  const [x, y] = [finite(pair[0] as Json), finite(pair[1] as Json)];
  if (x === undefined || y === undefined) return null;
  return { x: toPixels(x, size.width), y: toPixels(y, size.height) };
}

function read(value: JsonObject, size: Size): Polygon | null {
  if (!Array.isArray(value.points) || value.points.length === 0) return null;
  const points: Point[] = [];
  for (const pair of value.points as readonly Json[]) {
    const point = readPoint(pair, size);
    if (point === null) return null;
    points.push(point);
  }
  return { kind: "polygon", points, closed: value.closed !== false };
}

/** Corners that stayed keep their pair as stored, wherever in the list they now stand. */
function write(shape: Polygon, size: Size, old: JsonObject = {}): ValueChanges {
  const before = read(old, size);
  const changes: ValueChanges = {};
  if (before === null || before.closed !== shape.closed) changes.closed = shape.closed;
  if (before !== null && samePoints(before.points, shape.points)) return changes;
  const stored = new Map<string, Json>();
  before?.points.forEach((p, i) => {
    stored.set(`${p.x},${p.y}`, (old.points as readonly Json[])[i] as Json);
  });
  changes.points = shape.points.map(
    (p) => stored.get(`${p.x},${p.y}`) ?? [toPercent(p.x, size.width), toPercent(p.y, size.height)],
  );
  return changes;
}

function samePoints(a: readonly Point[], b: readonly Point[]): boolean {
  return a.length === b.length && a.every((p, i) => p.x === b[i]?.x && p.y === b[i]?.y);
}

export const polygonCodec: ShapeCodec<Polygon> = { kind: "polygon", marks: ["points"], read, write };
