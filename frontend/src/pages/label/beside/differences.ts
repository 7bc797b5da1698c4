/**
 * What two versions of an annotation differ in, as people see it: regions that were added, changed or removed, and
 * answers that became others. The server tells the same by item and field; this is by what is drawn and read.
 */
import { isRegionItem } from "../../../config/results";
import type { ConfigTree } from "../../../config/tree";
import { isRelation, type ResultItem, sameJson } from "../../../store/result";

export type ChangeKind = "added" | "changed" | "removed";

export interface RegionChange {
  readonly kind: ChangeKind;
  readonly id: string;
  /** The region's items; none where it is not there. */
  readonly before: readonly ResultItem[];
  readonly after: readonly ResultItem[];
}

/** An answer, or a relation between regions, that is no region itself. */
export interface AnswerChange {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly before: ResultItem | undefined;
  readonly after: ResultItem | undefined;
}

export interface Differences {
  readonly regions: readonly RegionChange[];
  readonly answers: readonly AnswerChange[];
}

interface Parts {
  readonly regions: Map<string, ResultItem[]>;
  readonly answers: Map<string, ResultItem>;
}

/** What `after` has other than `before`: changed and new ones in the order of `after`, then what is gone. */
export function differences(
  tree: ConfigTree,
  before: readonly ResultItem[],
  after: readonly ResultItem[],
): Differences {
  const [old, now] = [partsOf(tree, before), partsOf(tree, after)];
  const regions = changesOf(old.regions, now.regions).map(([id, a, b]) => ({
    kind: kindOf(a, b),
    id,
    before: a ?? [],
    after: b ?? [],
  }));
  const answers = changesOf(old.answers, now.answers).map(([, a, b]) => ({
    kind: kindOf(a, b),
    name: (b ?? a)?.from_name ?? (b ?? a)?.type ?? "",
    before: a,
    after: b,
  }));
  return { regions, answers };
}

/** How many differences of each kind there are among the regions. */
export function countByKind(regions: readonly RegionChange[]): Readonly<Record<ChangeKind, number>> {
  const count = { added: 0, changed: 0, removed: 0 };
  for (const { kind } of regions) count[kind] += 1;
  return count;
}

function changesOf<Part>(
  old: ReadonlyMap<string, Part>,
  now: ReadonlyMap<string, Part>,
): [string, Part | undefined, Part | undefined][] {
  const keys = new Set([...now.keys(), ...old.keys()]);
  return [...keys]
    .map((key): [string, Part | undefined, Part | undefined] => [key, old.get(key), now.get(key)])
    .filter(([, a, b]) => !sameJson(a, b));
}

function kindOf(before: unknown, after: unknown): ChangeKind {
  if (before === undefined) return "added";
  return after === undefined ? "removed" : "changed";
}

/** Items by region; the rest by control and page, or for relations by the regions at their ends. */
function partsOf(tree: ConfigTree, items: readonly ResultItem[]): Parts {
  const drawn = new Set(
    items.flatMap((item) =>
      item.id !== undefined && !isRelation(item) && isRegionItem(item, tree) ? [item.id] : [],
    ),
  );
  const parts: Parts = { regions: new Map(), answers: new Map() };
  for (const item of items) {
    if (item.id !== undefined && drawn.has(item.id)) {
      parts.regions.set(item.id, [...(parts.regions.get(item.id) ?? []), item]);
      continue;
    }
    const key = isRelation(item)
      ? ["relation", item.from_id, item.to_id]
      : [item.from_name, item.to_name, item.type, item.item_index];
    // An answer's id is made anew when it is given again: it says nothing.
    const { id: _, ...rest } = item;
    for (let n = 0; ; n += 1) {
      const name = JSON.stringify([...key, n]);
      if (parts.answers.has(name)) continue;
      parts.answers.set(name, isRelation(item) ? item : rest);
      break;
    }
  }
  return parts;
}

/** An answer in a few words. */
export function answerText(item: ResultItem | undefined): string {
  if (item === undefined) return "–";
  if (isRelation(item)) return (item.labels ?? []).join(", ") || (item.direction ?? "right");
  const own = item.value?.[item.type ?? ""] ?? Object.values(item.value ?? {})[0];
  if (Array.isArray(own)) return own.flat().map(String).join(", ") || "–";
  return typeof own === "object" ? JSON.stringify(own) : String(own ?? "–");
}
