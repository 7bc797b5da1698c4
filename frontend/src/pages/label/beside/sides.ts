/** Which version of what both changed goes into the results. */
import type { Conflict } from "../../../store/merge";
import type { ResultItem } from "../../../store/result";

/**
 * Results with their version of the conflicts whose index is among `theirs`, and mine of the others. What one side has
 * removed is gone where that side is chosen; until then the merged results hold what the other side has.
 */
export function chosenResults(
  results: readonly ResultItem[],
  conflicts: readonly Conflict[],
  theirs: ReadonlySet<number>,
): readonly ResultItem[] {
  return conflicts.reduce(
    (items, { mine, theirs: their }, index) => put(items, mine ?? their, theirs.has(index) ? their : mine),
    results,
  );
}

/** The items with `wanted` in the place of what stands there now, or without it. */
function put(
  items: readonly ResultItem[],
  there: ResultItem | undefined,
  wanted: ResultItem | undefined,
): readonly ResultItem[] {
  const at = there === undefined ? -1 : items.indexOf(there);
  if (at < 0) return wanted === undefined || items.includes(wanted) ? items : [...items, wanted];
  return wanted === undefined ? items.toSpliced(at, 1) : items.with(at, wanted);
}
