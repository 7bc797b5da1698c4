/**
 * The scene: what the bulk renderers, the index and picking read, as columns of numbers, one row per region.
 *
 * It is derived from the document and can be rebuilt from it at any time; tools never edit by it, because its
 * numbers are 32 bits wide. A row stays its region's own after removal, so that an undo brings a region back at
 * its old depth; rows are in drawing order.
 */
import type { Mask } from "./geometry/masks";
import type { Bounds, Point } from "./geometry/points";
import {
  ellipseIn,
  flattened,
  hits,
  rectCenter,
  type Shape,
  shapeArea,
  shapeBounds,
} from "./geometry/shapes";

import type { Vector } from "./geometry/vectors";

export const KIND = { none: 0, rect: 1, ellipse: 2, polygon: 3, point: 4, mask: 5 } as const;
/** Bits of the flags column. */
export const FLAG = { hidden: 1, predicted: 2, locked: 4, open: 8 } as const;

/** What one region looks like: its shape in natural pixels, the number of its style, and its flags. */
export interface Look {
  readonly shape: Shape;
  readonly style: number;
  readonly flags: number;
}

/** Gives how a region looks, or null when nothing of it is drawn here. */
export type Describe = (key: string) => Look | null;

/** Numbers per row in `geometry`: centre x, y, half width, half height, rotation in radians. */
export const GEOMETRY = 5;

export interface Columns {
  readonly kind: Uint8Array;
  readonly geometry: Float32Array;
  readonly bounds: Float32Array;
  readonly style: Uint16Array;
  readonly flags: Uint8Array;
}

export class Scene implements Columns {
  kind = new Uint8Array(0);
  geometry = new Float32Array(0);
  bounds = new Float32Array(0);
  area = new Float32Array(0);
  style = new Uint16Array(0);
  flags = new Uint8Array(0);
  /** Corners of polygons, x and y by turns. */
  readonly corners: (Float32Array | undefined)[] = [];
  readonly masks: (Mask | undefined)[] = [];
  /** Rows that hold a mask. */
  readonly maskRows = new Set<number>();
  readonly keys: string[] = [];
  private readonly rows = new Map<string, number>();
  private living = 0;
  private pointRows = 0;

  /** Rows in use, removed ones counted. */
  get length(): number {
    return this.keys.length;
  }

  /** Regions that are there. */
  get size(): number {
    return this.living;
  }

  /** Whether there are key points, which are picked from further away. */
  get hasPoints(): boolean {
    return this.pointRows > 0;
  }

  rowOf(key: string): number | undefined {
    const row = this.rows.get(key);
    return row === undefined || this.kind[row] === KIND.none ? undefined : row;
  }

  keyOf(row: number): string {
    return this.keys[row] ?? "";
  }

  /** Starts over with these regions in this order. */
  rebuild(keys: readonly string[], describe: Describe): void {
    this.keys.length = 0;
    this.corners.length = 0;
    this.masks.length = 0;
    this.maskRows.clear();
    this.rows.clear();
    this.living = 0;
    this.pointRows = 0;
    this.kind.fill(KIND.none);
    this.reserve(keys.length);
    for (const key of keys) {
      const look = describe(key);
      if (look !== null) this.put(this.newRow(key), look);
    }
  }

  /** Brings some regions up to date; gives the rows that changed. New regions come to lie on top. */
  update(keys: Iterable<string>, describe: Describe): number[] {
    const changed: number[] = [];
    for (const key of keys) {
      const look = describe(key);
      let row = this.rows.get(key);
      if (row === undefined) {
        if (look === null) continue;
        row = this.newRow(key);
      }
      if (look === null) this.clear(row);
      else this.put(row, look);
      changed.push(row);
    }
    return changed;
  }

  /** Gives the shape a row draws, as exact as its 32 bits. */
  shapeAt(row: number): Shape | null {
    const g = row * GEOMETRY;
    const [x, y, w, h] = [
      this.geometry[g],
      this.geometry[g + 1],
      this.geometry[g + 2],
      this.geometry[g + 3],
    ] as [number, number, number, number];
    const rotation = ((this.geometry[g + 4] ?? 0) * 180) / Math.PI;
    switch (this.kind[row]) {
      case KIND.ellipse:
        return { kind: "ellipse", x, y, radiusX: w, radiusY: h, rotation };
      case KIND.point:
        return { kind: "point", x, y, size: w * 2 };
      case KIND.rect: {
        const cos = Math.cos(this.geometry[g + 4] ?? 0);
        const sin = Math.sin(this.geometry[g + 4] ?? 0);
        const corner = { x: x - w * cos + h * sin, y: y - w * sin - h * cos };
        return { kind: "rect", ...corner, width: w * 2, height: h * 2, rotation };
      }
      case KIND.polygon: {
        const points: Point[] = [];
        const corners = this.corners[row] ?? new Float32Array(0);
        for (let i = 0; i < corners.length; i += 2)
          points.push({ x: corners[i] ?? 0, y: corners[i + 1] ?? 0 });
        return { kind: "polygon", points, closed: ((this.flags[row] ?? 0) & FLAG.open) === 0 };
      }
      case KIND.mask: {
        const mask = this.masks[row];
        return mask === undefined ? null : { kind: "mask", mask };
      }
      default:
        return null;
    }
  }

  /** True when a point lies in a row's shape or within `tolerance` of it; as `hits`, without making a shape. */
  hitsRow(row: number, p: Point, tolerance: number): boolean {
    const kind = this.kind[row];
    if (kind === KIND.polygon || kind === KIND.mask) {
      const shape = this.shapeAt(row);
      return shape !== null && hits(shape, p, tolerance);
    }
    const g = row * GEOMETRY;
    const [dx, dy] = [p.x - (this.geometry[g] as number), p.y - (this.geometry[g + 1] as number)];
    if (kind === KIND.point) return dx * dx + dy * dy <= tolerance * tolerance;
    const rotation = this.geometry[g + 4] as number;
    const [cos, sin] = rotation === 0 ? [1, 0] : [Math.cos(rotation), Math.sin(rotation)];
    const x = dx * cos + dy * sin;
    const y = dy * cos - dx * sin;
    const [w, h] = [
      (this.geometry[g + 2] as number) + tolerance,
      (this.geometry[g + 3] as number) + tolerance,
    ];
    if (kind === KIND.rect) return Math.abs(x) <= w && Math.abs(y) <= h;
    return kind === KIND.ellipse && (x / w) ** 2 + (y / h) ** 2 <= 1;
  }

  boundsOf(row: number): Bounds {
    const b = row * 4;
    const at = (i: number) => this.bounds[b + i] ?? 0;
    return { minX: at(0), minY: at(1), maxX: at(2), maxY: at(3) };
  }

  private newRow(key: string): number {
    const row = this.keys.push(key) - 1;
    this.rows.set(key, row);
    this.reserve(row + 1);
    return row;
  }

  private clear(row: number): void {
    if (this.kind[row] !== KIND.none) this.living -= 1;
    if (this.kind[row] === KIND.point) this.pointRows -= 1;
    this.kind[row] = KIND.none;
    this.corners[row] = undefined;
    this.masks[row] = undefined;
    this.maskRows.delete(row);
  }

  private put(row: number, look: Look): void {
    // Drawn as what it looks like; tools work with what the document says.
    const shape = look.shape.kind === "vector" ? flattened(look.shape) : look.shape;
    if (this.kind[row] === KIND.none) this.living += 1;
    if (this.kind[row] === KIND.point) this.pointRows -= 1;
    if (shape.kind === "point") this.pointRows += 1;
    this.kind[row] = KIND[shape.kind];
    this.style[row] = look.style;
    this.flags[row] = look.flags | (shape.kind === "polygon" && !shape.closed ? FLAG.open : 0);
    this.geometry.set(geometryOf(shape), row * GEOMETRY);
    this.corners[row] = shape.kind === "polygon" ? cornersOf(shape.points) : undefined;
    this.masks[row] = shape.kind === "mask" ? shape.mask : undefined;
    if (shape.kind === "mask") this.maskRows.add(row);
    else this.maskRows.delete(row);
    const b = shapeBounds(shape);
    this.bounds.set([b.minX, b.minY, b.maxX, b.maxY], row * 4);
    this.area[row] = shapeArea(shape);
  }

  private reserve(rows: number): void {
    if (rows <= this.kind.length) return;
    const capacity = Math.max(256, rows, this.kind.length * 2);
    this.kind = grow(this.kind, new Uint8Array(capacity));
    this.geometry = grow(this.geometry, new Float32Array(capacity * GEOMETRY));
    this.bounds = grow(this.bounds, new Float32Array(capacity * 4));
    this.area = grow(this.area, new Float32Array(capacity));
    this.style = grow(this.style, new Uint16Array(capacity));
    this.flags = grow(this.flags, new Uint8Array(capacity));
  }
}

function grow<A extends Uint8Array | Uint16Array | Float32Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}

function geometryOf(shape: Exclude<Shape, Vector>): [number, number, number, number, number] {
  switch (shape.kind) {
    case "rect": {
      const c = rectCenter(shape);
      return [c.x, c.y, shape.width / 2, shape.height / 2, (shape.rotation * Math.PI) / 180];
    }
    case "ellipse":
      return [shape.x, shape.y, shape.radiusX, shape.radiusY, (shape.rotation * Math.PI) / 180];
    case "point":
      return [shape.x, shape.y, shape.size / 2, shape.size / 2, 0];
    case "mask":
    case "polygon": {
      const b = shapeBounds(shape);
      const frame = ellipseIn({
        kind: "rect",
        x: b.minX,
        y: b.minY,
        width: b.maxX - b.minX,
        height: b.maxY - b.minY,
        rotation: 0,
      });
      return [frame.x, frame.y, frame.radiusX, frame.radiusY, 0];
    }
  }
}

function cornersOf(points: readonly Point[]): Float32Array {
  const corners = new Float32Array(points.length * 2);
  points.forEach((p, i) => {
    corners[i * 2] = p.x;
    corners[i * 2 + 1] = p.y;
  });
  return corners;
}
