/**
 * Three-way merge of result items, for when the server's annotation moved on while this tab was away.
 *
 * Items are matched by region id and control; what only one side changed is taken from that side. Where both
 * changed the same item differently, mine stands in the merged result and the conflict is listed for a person.
 */
import { isRelation, type ResultItem, sameJson } from "./result";

export interface Conflict {
  /** The region in question; for items without id a made-up key. */
  readonly region: string;
  readonly base: ResultItem | undefined;
  readonly mine: ResultItem | undefined;
  readonly theirs: ResultItem | undefined;
}

export interface Merged {
  readonly results: readonly ResultItem[];
  readonly conflicts: readonly Conflict[];
}

type Keyed = Map<string, ResultItem>;

/** Merges what I and they have made of `base`. Theirs gives the order; what only I have comes last. */
export function mergeResults(
  base: readonly ResultItem[],
  mine: readonly ResultItem[],
  theirs: readonly ResultItem[],
): Merged {
  const [old, my, their] = [byKey(base), byKey(mine), byKey(theirs)];
  const results: ResultItem[] = [];
  const conflicts: Conflict[] = [];
  for (const key of new Set([...their.keys(), ...my.keys(), ...old.keys()])) {
    const [b, m, t] = [old.get(key), my.get(key), their.get(key)];
    const kept = mergeItem(b, m, t);
    if (kept === "conflict") conflicts.push({ region: regionOf(key), base: b, mine: m, theirs: t });
    const item = kept === "conflict" ? (m ?? t) : kept;
    if (item !== undefined) results.push(item);
  }
  return { results: withoutDangling(results), conflicts };
}

function mergeItem(
  base: ResultItem | undefined,
  mine: ResultItem | undefined,
  theirs: ResultItem | undefined,
): ResultItem | undefined | "conflict" {
  if (sameJson(mine, theirs)) return theirs;
  if (sameJson(mine, base)) return theirs;
  if (sameJson(theirs, base)) return mine;
  return "conflict";
}

/** Keys are region, control, object, type and page; equal keys are told apart by their number. */
function byKey(items: readonly ResultItem[]): Keyed {
  const map: Keyed = new Map();
  for (const item of items) {
    const place = isRelation(item)
      ? ["", "relation", item.from_id, item.to_id]
      : [item.id ?? "", item.from_name, item.to_name, item.type, item.item_index];
    for (let n = 0; ; n += 1) {
      const key = JSON.stringify([...place, n]);
      if (map.has(key)) continue;
      map.set(key, item);
      break;
    }
  }
  return map;
}

function regionOf(key: string): string {
  return String((JSON.parse(key) as unknown[])[0]);
}

/** A relation kept by one side is of no use when the other side has removed its region. */
function withoutDangling(items: ResultItem[]): ResultItem[] {
  const ids = new Set(items.map((item) => item.id));
  return items.filter((item) => !isRelation(item) || (ids.has(item.from_id) && ids.has(item.to_id)));
}
