/** Which spans lie at an offset, or in a range: a static interval tree, rebuilt when spans change. */

export interface Interval {
  readonly id: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export class IntervalIndex {
  readonly #sorted: readonly Interval[];
  /** For the implicit tree over the sorted list: the greatest end in the subtree of each middle. */
  readonly #most: Float64Array;

  constructor(intervals: Iterable<Interval>) {
    this.#sorted = [...intervals].filter((span) => span.end > span.start).sort((a, b) => a.start - b.start);
    this.#most = new Float64Array(this.#sorted.length);
    this.#build(0, this.#sorted.length);
  }

  get size(): number {
    return this.#sorted.length;
  }

  #build(low: number, high: number): number {
    if (low >= high) return Number.NEGATIVE_INFINITY;
    const middle = (low + high) >> 1;
    const own = this.#sorted[middle]?.end ?? 0;
    const most = Math.max(own, this.#build(low, middle), this.#build(middle + 1, high));
    this.#most[middle] = most;
    return most;
  }

  /** Spans that hold the character at an offset, shortest first (so the inner of nested ones). */
  at(offset: number): readonly Interval[] {
    return this.overlapping(offset, offset + 1).sort((a, b) => a.end - a.start - (b.end - b.start));
  }

  /** Spans sharing a character with `[start, end)`, in order of their start. */
  overlapping(start: number, end: number): Interval[] {
    const found: Interval[] = [];
    const visit = (low: number, high: number) => {
      if (low >= high) return;
      const middle = (low + high) >> 1;
      if ((this.#most[middle] ?? 0) <= start) return;
      visit(low, middle);
      const span = this.#sorted[middle];
      if (!span || span.start >= end) return;
      if (span.end > start) found.push(span);
      visit(middle + 1, high);
    };
    visit(0, this.#sorted.length);
    return found;
  }
}

/** The DOM position under a point of the screen, or null. */
export function caretAt(document: Document, x: number, y: number): { node: Node; offset: number } | null {
  const modern = document as Document & {
    caretPositionFromPoint?(x: number, y: number): { offsetNode: Node; offset: number } | null;
    caretRangeFromPoint?(x: number, y: number): Range | null;
  };
  const position = modern.caretPositionFromPoint?.(x, y);
  if (position) return { node: position.offsetNode, offset: position.offset };
  const range = modern.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}
