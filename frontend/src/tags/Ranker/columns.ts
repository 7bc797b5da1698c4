/** What stands where in a Ranker, and how an entry moves. Pure. */
import type { JsonObject, JsonValue } from "../../config/json";

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly ids: readonly string[];
}

/** A column as the configuration declares it. */
export interface ColumnPlan {
  readonly key: string;
  readonly title: string;
  readonly isDefault: boolean;
}

/** Key of the column for entries that are in no bucket. */
export const UNSORTED = "_";

/**
 * The columns with their entries: as stored, entries the data no longer has left out, new ones put where
 * entries start.
 */
export function fillColumns(
  plan: readonly ColumnPlan[],
  stored: JsonObject | null,
  ids: readonly string[],
): Column[] {
  const known = new Set(ids);
  const columns = plan.map((column) => ({
    key: column.key,
    title: column.title,
    ids: asIds(stored?.[column.key]).filter((id) => known.has(id)),
  }));
  const placed = new Set(columns.flatMap((column) => column.ids));
  const left = ids.filter((id) => !placed.has(id));
  const start = plan.find((column) => column.isDefault)?.key ?? UNSORTED;
  return columns.map((column, index) => {
    const takes = column.key === start || (index === 0 && !plan.some((one) => one.key === start));
    return takes ? { ...column, ids: [...column.ids, ...left] } : column;
  });
}

/** The columns after an entry went to a place in a column. */
export function moveEntry(columns: readonly Column[], id: string, to: string, index: number): Column[] {
  return columns.map((column) => {
    const rest = column.ids.filter((other) => other !== id);
    if (column.key !== to) return rest.length === column.ids.length ? column : { ...column, ids: rest };
    const at = Math.max(0, Math.min(index, rest.length));
    return { ...column, ids: [...rest.slice(0, at), id, ...rest.slice(at)] };
  });
}

/** What is stored; keys of columns that the configuration no longer has are kept. */
export function writeColumns(columns: readonly Column[], stored: JsonObject | null): JsonObject {
  return { ...(stored ?? {}), ...Object.fromEntries(columns.map((column) => [column.key, column.ids])) };
}

function asIds(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
