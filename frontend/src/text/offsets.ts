/**
 * Offsets in text: code points, which results count in, and UTF-16 units, which the browser counts in.
 *
 * Pure; knows strings only. Line ends are kept as they are: CR LF is two of both.
 */

/** Both counts of one text. Text without characters outside the basic plane costs nothing. */
export class CodePoints {
  /** UTF-16 offsets at which a character of two units begins, ascending. */
  readonly #wide: readonly number[];
  readonly units: number;

  constructor(readonly text: string) {
    this.units = text.length;
    this.#wide = findWide(text);
  }

  /** Number of code points. A lone surrogate counts as one. */
  get length(): number {
    return this.units - this.#wide.length;
  }

  /** Code points before a UTF-16 offset; inside a pair counts as before it. Clamped to the text. */
  fromUnits(unit: number): number {
    const at = clamp(unit, this.units);
    return at - countBelow(this.#wide, at);
  }

  /** The UTF-16 offset of a code point; the end for anything past it. */
  toUnits(point: number): number {
    const at = clamp(point, this.length);
    // The n-th wide character begins at code point wide[n] - n: find how many begin before `at`.
    let low = 0;
    let high = this.#wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#wide[middle] ?? 0) - middle < at) low = middle + 1;
      else high = middle;
    }
    return at + low;
  }

  /** The text between two code points, end exclusive. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnits(start), this.toUnits(end));
  }
}

function findWide(text: string): number[] {
  const wide: number[] = [];
  for (let unit = 0; unit < text.length - 1; unit++) {
    const high = text.charCodeAt(unit);
    if (high < 0xd800 || high > 0xdbff) continue;
    const low = text.charCodeAt(unit + 1);
    if (low >= 0xdc00 && low <= 0xdfff) wide.push(unit++);
  }
  return wide;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(Math.trunc(value) || 0, most));
}

/** How many of the sorted numbers are below a limit. */
export function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
