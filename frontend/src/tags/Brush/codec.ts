/** Brush masks: `format: "rle"` and the code. An unchanged mask keeps the very list it was loaded with. */
import type { ShapeCodec, ValueChanges } from "../../canvas/codec";
import type { Mask } from "../../canvas/geometry/masks";
import type { Size } from "../../canvas/geometry/points";
import type { MaskShape } from "../../canvas/geometry/shapes";
import type { JsonObject } from "../../store/result";
import { decodeRle, encodeRle } from "./rle";

interface Decoded {
  readonly size: Size;
  readonly mask: Mask | null;
}

/** Results are never changed in place, so a list decoded once stays decoded as long as it lives. */
const decoded = new WeakMap<object, Decoded>();

function read(value: JsonObject, size: Size): MaskShape | null {
  const code = value.rle;
  if (!Array.isArray(code)) return null;
  const known = decoded.get(code);
  const same = known !== undefined && known.size.width === size.width && known.size.height === size.height;
  const mask = same ? known.mask : decodeRle(code as number[], size);
  if (!same) decoded.set(code, { size, mask });
  return mask === null ? null : { kind: "mask", mask };
}

function write(shape: MaskShape, size: Size, old: JsonObject = {}): ValueChanges {
  if (read(old, size)?.mask === shape.mask) return {};
  const rle = encodeRle(shape.mask, size);
  decoded.set(rle, { size, mask: shape.mask });
  return { format: "rle", rle };
}

export const brushCodec: ShapeCodec<MaskShape> = { kind: "mask", marks: ["rle"], read, write };
