/** Masks: which pixels of a picture belong to a region, cropped to where there are any. */
import type { Bounds, Point, Size } from "./points";

/** One byte a pixel, 0 or 255, row by row, for the rectangle at `x, y`. Never changed once made. */
export interface Mask {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** How many pixels are in it. */
  readonly count: number;
}

export const EMPTY_MASK: Mask = { x: 0, y: 0, width: 0, height: 0, data: new Uint8Array(0), count: 0 };

/** Gives the mask of what is set in `data`, every `stride`-th byte of which is a pixel, beginning at `first`. */
export function maskOf(
  data: ArrayLike<number>,
  size: Size,
  stride = 1,
  first = 0,
  at: Point = { x: 0, y: 0 },
): Mask {
  const { width, height } = size;
  let [minX, minY, maxX, maxY] = [width, height, -1, -1];
  for (let y = 0, i = first; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += stride) {
      if ((data[i] as number) < 128) continue;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      maxY = y;
    }
  }
  if (maxX < 0) return EMPTY_MASK;
  const [w, h] = [maxX - minX + 1, maxY - minY + 1];
  const cropped = new Uint8Array(w * h);
  let count = 0;
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      if ((data[first + ((minY + y) * width + minX + x) * stride] as number) < 128) continue;
      cropped[y * w + x] = 255;
      count += 1;
    }
  }
  return { x: at.x + minX, y: at.y + minY, width: w, height: h, data: cropped, count };
}

export function maskBounds({ x, y, width, height }: Mask): Bounds {
  return { minX: x, minY: y, maxX: x + width, maxY: y + height };
}

export function maskHas(mask: Mask, p: Point): boolean {
  const [x, y] = [Math.floor(p.x) - mask.x, Math.floor(p.y) - mask.y];
  if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) return false;
  return mask.data[y * mask.width + x] !== 0;
}
