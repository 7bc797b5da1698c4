/** Bitmasks: a PNG picture in `imageDataURL`. An unchanged mask keeps the very text it was loaded with. */
import type { ShapeCodec, ValueChanges } from "../../canvas/codec";
import type { Mask } from "../../canvas/geometry/masks";
import type { Size } from "../../canvas/geometry/points";
import type { MaskShape } from "../../canvas/geometry/shapes";
import type { JsonObject } from "../../store/result";
import { decodeBitmask, encodeBitmask } from "./png";

/** How many decoded pictures are kept: each is asked for many times while its task is open. */
const KEPT = 256;
const decoded = new Map<string, Mask | null>();

function keep(key: string, mask: Mask | null): void {
  if (decoded.size >= KEPT) decoded.delete(decoded.keys().next().value ?? "");
  decoded.set(key, mask);
}

const keyOf = (address: string, { width, height }: Size): string => `${width} ${height} ${address}`;

function read(value: JsonObject, size: Size): MaskShape | null {
  const address = value.imageDataURL;
  if (typeof address !== "string") return null;
  const key = keyOf(address, size);
  if (!decoded.has(key)) keep(key, decodeBitmask(address, size));
  const mask = decoded.get(key) ?? null;
  return mask === null ? null : { kind: "mask", mask };
}

function write(shape: MaskShape, size: Size, old: JsonObject = {}): ValueChanges {
  if (read(old, size)?.mask === shape.mask) return {};
  const imageDataURL = encodeBitmask(shape.mask, size);
  keep(keyOf(imageDataURL, size), shape.mask);
  return { imageDataURL };
}

export const bitmaskCodec: ShapeCodec<MaskShape> = { kind: "mask", marks: ["imageDataURL"], read, write };
