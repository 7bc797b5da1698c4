/**
 * Between the percent of a result's value and a shape in natural pixels.
 *
 * Percent is the stored truth: writing gives only the keys whose pixels differ from what reading the old value
 * gives, so whatever was not touched keeps its exact numbers. Each tag's folder has the codec of its kind.
 */
import type { Json, JsonObject } from "../store/result";
import type { Size } from "./geometry/points";
import type { Shape, ShapeKind } from "./geometry/shapes";

export type ValueChanges = Partial<Record<string, Json>>;

export interface ShapeCodec<S extends Shape = Shape> {
  readonly kind: ShapeKind;
  /** Keys of the value that hold geometry; items that have all of `marks` speak of this kind. */
  readonly marks: readonly string[];
  /** Gives the shape in pixels of an image of `size`, or null when the value does not hold one. */
  read(value: JsonObject, size: Size): S | null;
  /** Gives the keys of `old` to change so that it says `shape`; every key when `old` holds no shape. */
  write(shape: S, size: Size, old?: JsonObject): ValueChanges;
}

/** Gives a finite number, or nothing for anything else. */
export function finite(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function toPixels(percent: number, length: number): number {
  return (percent * length) / 100;
}

export function toPercent(pixels: number, length: number): number {
  return (pixels * 100) / length;
}

type Axis = "width" | "height" | "none";

/**
 * Makes a codec for a kind whose parts are each one number in the value. `parts` names for each part of the
 * shape its key, the length its percent is of, and what holds when the key is missing.
 */
export function numberCodec<S extends Shape>(
  kind: S["kind"],
  parts: readonly {
    readonly part: string;
    readonly key: string;
    readonly axis: Axis;
    readonly missing?: number;
  }[],
): ShapeCodec<S> {
  const pixels = (n: number, axis: Axis, size: Size) => (axis === "none" ? n : toPixels(n, size[axis]));
  const percent = (n: number, axis: Axis, size: Size) => (axis === "none" ? n : toPercent(n, size[axis]));
  function read(value: JsonObject, size: Size): S | null {
    const shape: Record<string, number | string> = { kind };
    for (const { part, key, axis, missing } of parts) {
      const number = finite(value[key]) ?? missing;
      if (number === undefined) return null;
      shape[part] = pixels(number, axis, size);
    }
    return shape as unknown as S;
  }
  function write(shape: S, size: Size, old: JsonObject = {}): ValueChanges {
    const before = read(old, size) as Record<string, unknown> | null;
    const after = shape as unknown as Record<string, number>;
    const changes: ValueChanges = {};
    for (const { part, key, axis } of parts) {
      if (before?.[part] === after[part]) continue;
      changes[key] = percent(after[part] as number, axis, size);
    }
    return changes;
  }
  const marks = parts.filter((part) => part.missing === undefined).map((part) => part.key);
  return { kind, marks, read, write };
}

/** The codecs by result type, and which of them speaks for a value of any other type. */
export class ShapeCodecs {
  constructor(
    private readonly byType: Map<string, ShapeCodec>,
    private readonly all: ShapeCodec[],
  ) {}

  /** Adds the codec of a type and of its labels; it is the first to be tried for values of unknown types. */
  add(type: string, codec: ShapeCodec): void {
    if (this.byType.has(type)) return;
    this.byType.set(type, codec).set(`${type}labels`, codec);
    this.all.unshift(codec);
  }

  /** Gives the codec for an item: by its type, else by the geometry its value repeats. */
  of(type: string | undefined, value: JsonObject | undefined): ShapeCodec | undefined {
    const known = type === undefined ? undefined : this.byType.get(type);
    if (known !== undefined || value === undefined) return known;
    return this.all.find((codec) => codec.marks.every((key) => value[key] !== undefined));
  }

  /** True when the type is written by a drawing tool, not by a control that only repeats its geometry. */
  drawn(type: string | undefined): boolean {
    return type !== undefined && this.byType.has(type);
  }
}
