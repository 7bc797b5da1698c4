/**
 * Which tasks are ticked: some by id, or all that match but for some. It knows ids, not places, so it survives
 * paging, sorting and scrolling.
 */
import type { SelectedItems } from "../../api/types";

export type Selection = SelectedItems;

export const nothing: Selection = { all: false, included: [] };
export const everything: Selection = { all: true, excluded: [] };

export function has(selection: Selection, id: number): boolean {
  return selection.all ? !selection.excluded.includes(id) : selection.included.includes(id);
}

/** How many are ticked of `total` that match. */
export function count(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.excluded.length) : selection.included.length;
}

/** The selection with these tasks ticked or not. */
export function withTasks(selection: Selection, ids: readonly number[], ticked: boolean): Selection {
  const named = new Set(selection.all ? selection.excluded : selection.included);
  for (const id of ids) {
    if (ticked === selection.all) named.delete(id);
    else named.add(id);
  }
  return selection.all ? { all: true, excluded: [...named] } : { all: false, included: [...named] };
}
