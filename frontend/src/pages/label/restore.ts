/**
 * Putting journalled work back over what the server has now.
 *
 * Operations are matched by what they changed, not by slot: a draft saved in between has renumbered those.
 * An operation whose effect is there already does nothing; one whose item is gone or was changed by
 * somebody else keeps the newer item from the journal, for it is the work of this person.
 */
import type { Commit } from "../../store/history";
import type { Op } from "../../store/ops";
import { type ResultItem, sameJson } from "../../store/result";

/** The items after the commits; the very `base` when they change nothing. */
export function replayOver(base: readonly ResultItem[], commits: readonly Commit[]): readonly ResultItem[] {
  const items = [...base];
  for (const commit of commits) for (const op of commit.ops) replayOne(items, op);
  const same = items.length === base.length && items.every((item, index) => sameJson(item, base[index]));
  return same ? base : items;
}

function replayOne(items: ResultItem[], op: Op): void {
  if (op.kind === "order") return;
  const old = op.kind === "replace" ? op.from : op.item;
  const exact = items.findIndex((item) => item === old || sameJson(item, old));
  if (op.kind === "remove") {
    if (exact >= 0) items.splice(exact, 1);
    return;
  }
  const made = op.kind === "replace" ? op.to : op.item;
  const place = exact >= 0 ? exact : items.findIndex((item) => isSamePart(item, made));
  if (place >= 0) items[place] = made;
  else items.push(made);
}

/** Two versions of one control's value for one region (or of one relation). */
function isSamePart(a: ResultItem, b: ResultItem): boolean {
  const keys = ["type", "id", "from_name", "to_name", "item_index", "from_id", "to_id"] as const;
  return keys.every((key) => a[key] === b[key]);
}
