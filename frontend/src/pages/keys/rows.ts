/** The rows of the list of keys: every action that is known, once, with its keys and what they meet. No view. */
import { meet } from "../../app/keymap";

export interface KeyRow {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly standard: string | undefined;
  readonly keys: string | undefined;
}

export interface OtherKey {
  readonly title: string;
  readonly keys: string;
}

/** Each action once, the first mention counting, in the order of their groups' first mention. */
export function rowsOf(all: readonly KeyRow[]): readonly KeyRow[] {
  const byId = new Map<string, KeyRow>();
  for (const row of all) if (!byId.has(row.id)) byId.set(row.id, row);
  const groups = [...new Set([...byId.values()].map((row) => row.group))];
  return [...byId.values()].sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

/** The rows that have all the words in their title or keys. */
export function searched(
  rows: readonly KeyRow[],
  query: string,
  shown: (keys: string) => string,
): readonly KeyRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.title} ${row.group} ${row.keys ? shown(row.keys) : ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What else a row's keys would mean: other actions first, then keys that the configuration gives. */
export function clashes(
  rows: readonly KeyRow[],
  others: readonly OtherKey[],
  row: KeyRow,
  keys: string | undefined,
): { readonly rows: readonly KeyRow[]; readonly others: readonly OtherKey[] } {
  return {
    rows: rows.filter((one) => one.id !== row.id && meet(one.keys, keys)),
    others: others.filter((one) => meet(one.keys, keys)),
  };
}
