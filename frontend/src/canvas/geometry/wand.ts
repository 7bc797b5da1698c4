/** The magic wand: which pixels hang together with one and look like it. */
import { type Mask, maskOf } from "./masks";
import type { Point, Size } from "./points";

/** Red, green, blue, alpha of each pixel, row by row. */
export interface Pixels extends Size {
  readonly data: ArrayLike<number>;
}

/**
 * Gives the pixels that are reached from `at` over neighbours of which no channel differs from its own by more than
 * `threshold`; `smooth` rounds the border off, by so many pixels. Empty when `at` is outside.
 */
export function spreadFrom(pixels: Pixels, at: Point, threshold: number, smooth = 0): Mask {
  const { width, height } = pixels;
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  const reached = new Uint8Array(width * height);
  if (x >= 0 && y >= 0 && x < width && y < height) flood(pixels, y * width + x, threshold, reached);
  return maskOf(smooth > 0 ? smoothed(reached, pixels, smooth) : reached, pixels);
}

/** Fills run by run: whole stretches of a row, then what touches them above and below. */
function flood({ data, width, height }: Pixels, start: number, threshold: number, reached: Uint8Array): void {
  const [r, g, b] = [data[start * 4], data[start * 4 + 1], data[start * 4 + 2]] as [number, number, number];
  const alike = (i: number): boolean =>
    reached[i] === 0 &&
    Math.abs((data[i * 4] as number) - r) <= threshold &&
    Math.abs((data[i * 4 + 1] as number) - g) <= threshold &&
    Math.abs((data[i * 4 + 2] as number) - b) <= threshold;
  const waiting = [start];
  for (let seed = waiting.pop(); seed !== undefined; seed = waiting.pop()) {
    if (!alike(seed)) continue;
    const row = seed - (seed % width);
    let [left, right] = [seed, seed];
    while (left > row && alike(left - 1)) left -= 1;
    while (right < row + width - 1 && alike(right + 1)) right += 1;
    reached.fill(255, left, right + 1);
    for (const beside of [row - width, row + width]) {
      if (beside < 0 || beside >= width * height) continue;
      for (let i = left - row + beside; i <= right - row + beside; i += 1)
        if (alike(i) && (i === left - row + beside || !alike(i - 1))) waiting.push(i);
    }
  }
}

/** A pixel belongs to the mask when most of those around it do. */
function smoothed(mask: Uint8Array, size: Size, radius: number): Uint8Array {
  const across = blurred(mask, size.width, size.height, 1, size.width, radius);
  return blurred(across, size.height, size.width, size.width, 1, radius);
}

/** The mean of `radius` values to either side, along lines of `length`. */
function blurred(
  from: Uint8Array,
  length: number,
  lines: number,
  step: number,
  nextLine: number,
  radius: number,
): Uint8Array {
  const out = new Uint8Array(from.length);
  for (let n = 0; n < lines; n += 1) {
    const begin = n * nextLine;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i += 1) sum += from[begin + i * step] as number;
    for (let i = 0; i < length; i += 1) {
      if (i + radius < length) sum += from[begin + (i + radius) * step] as number;
      if (i - radius - 1 >= 0) sum -= from[begin + (i - radius - 1) * step] as number;
      const seen = Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1;
      out[begin + i * step] = Math.floor(sum / seen);
    }
  }
  return out;
}

/** Gives what is in one mask or the other. */
export function united(a: Mask, b: Mask): Mask {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const at = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) };
  const width = Math.max(a.x + a.width, b.x + b.width) - at.x;
  const height = Math.max(a.y + a.height, b.y + b.height) - at.y;
  const data = new Uint8Array(width * height);
  for (const mask of [a, b])
    for (let y = 0; y < mask.height; y += 1)
      for (let x = 0; x < mask.width; x += 1)
        if (mask.data[y * mask.width + x] !== 0) data[(mask.y - at.y + y) * width + mask.x - at.x + x] = 255;
  return maskOf(data, { width, height }, 1, 0, at);
}
