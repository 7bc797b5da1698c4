/** Masks judged by a few of their pixels: a hand's stroke is not the same to the pixel twice. */
import type { ResultItem } from "../../../src/api/types";
import { type Mask, maskHas } from "../../../src/canvas/geometry/masks";
import { decodeBitmask } from "../../../src/tags/Bitmask/png";
import { decodeRle } from "../../../src/tags/Brush/rle";
import { PAINTED } from "../pairValues";
import { type Place, STROKE, SUN } from "./regions";

const DOT = "the size of a dot";
/** A stored mask is read with every task it is on: a painted stroke has no need of more characters. */
const LONGEST = 20_000;

/** Far from the stroke and from the sun. */
const OUTSIDE: readonly Place[] = [
  [5, 5],
  [50, 90],
  [95, 60],
];

/** The same items; a mask that covers what it should, and no more, reads `PAINTED`, and a dot has the size of a dot. */
export function judged(items: readonly ResultItem[]): ResultItem[] {
  return items.map((item) => {
    const width = Number(item.value?.width);
    if (/^keypoint/.test(item.type) && width > 0 && width < 3)
      return { ...item, value: { ...item.value, width: DOT } };
    const { rle, imageDataURL, ...rest } = item.value ?? {};
    if (rle === PAINTED || imageDataURL === PAINTED) return item;
    if (rle === undefined && imageDataURL === undefined) return item;
    const size = { width: Number(item.original_width), height: Number(item.original_height) };
    const mask = rle ? decodeRle(rle as number[], size) : decodeBitmask(String(imageDataURL), size);
    const length = String(imageDataURL ?? "").length;
    const word = length < LONGEST ? verdict(mask, size) : `a stroke of ${length} characters`;
    return { ...item, value: { ...rest, ...(rle ? { rle: word } : { imageDataURL: word }) } };
  });
}

function verdict(mask: Mask | null, size: { width: number; height: number }): string {
  if (!mask) return "not a mask";
  // The thinnest brush is one pixel wide, and a pixel of the screen covers two.
  const near = [-3, -2, -1, 0, 1, 2, 3];
  const has = ([x, y]: Place) => {
    const at = { x: Math.round((x / 100) * size.width), y: Math.round((y / 100) * size.height) };
    return near.some((right) => near.some((down) => maskHas(mask, { x: at.x + right, y: at.y + down })));
  };
  if (OUTSIDE.some(has)) return "painted where nothing was painted";
  return STROKE.every(has) || has(SUN) ? PAINTED : "not painted where it was painted";
}
