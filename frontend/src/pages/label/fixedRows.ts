/** The rows of a long list that are in sight, when all rows are equally high. A list of any length costs the same. */
import { createMemo, createSignal, onCleanup, onMount } from "solid-js";

export interface FixedRowsOptions {
  readonly count: () => number;
  readonly rowHeight: number;
  readonly scroller: () => HTMLElement;
  /** How many rows more are drawn before and after. */
  readonly more: number;
}

export interface ShownRow {
  readonly index: number;
  readonly start: number;
}

/** Gives the first row to draw, and the one after the last. */
export function rowsInSight(
  { top, height }: { readonly top: number; readonly height: number },
  { count, rowHeight, more }: { readonly count: number; readonly rowHeight: number; readonly more: number },
): readonly [first: number, end: number] {
  const first = Math.max(0, Math.floor(top / rowHeight) - more);
  return [Math.min(first, count), Math.min(count, Math.ceil((top + height) / rowHeight) + more)];
}

/** Gives where to scroll so that a row is in sight, or nothing when it is. */
export function scrollFor(
  index: number,
  rowHeight: number,
  { top, height }: { readonly top: number; readonly height: number },
): number | undefined {
  const [start, end] = [index * rowHeight, (index + 1) * rowHeight];
  if (start < top) return start;
  return end > top + height ? end - height : undefined;
}

export function createFixedRows(options: FixedRowsOptions) {
  const { rowHeight, more } = options;
  const [sight, setSight] = createSignal({ top: 0, height: 0 });
  // Each row stays the same object as long as it is drawn, so that it is not drawn anew.
  const known = new Map<number, ShownRow>();
  const row = (index: number): ShownRow => {
    const made = known.get(index) ?? { index, start: index * rowHeight };
    known.set(index, made);
    return made;
  };
  onMount(() => {
    const scroller = options.scroller();
    const look = () => setSight({ top: scroller.scrollTop, height: scroller.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    scroller.addEventListener("scroll", look, { passive: true });
    onCleanup(() => {
      observer.disconnect();
      scroller.removeEventListener("scroll", look);
    });
    look();
  });
  const range = createMemo(() => rowsInSight(sight(), { count: options.count(), rowHeight, more }), [0, 0], {
    equals: ([a, b], [c, d]) => a === c && b === d,
  });
  return {
    rows: createMemo(() => {
      const [first, end] = range();
      for (const index of known.keys()) if (index < first || index >= end) known.delete(index);
      return Array.from({ length: end - first }, (_, i) => row(first + i));
    }),
    height: () => options.count() * rowHeight,
    /** Brings a row into sight. */
    reveal(index: number): void {
      const scroller = options.scroller();
      const now = { top: scroller.scrollTop, height: scroller.clientHeight };
      const top = scrollFor(index, rowHeight, now);
      if (top !== undefined) scroller.scrollTop = top;
    },
  };
}
