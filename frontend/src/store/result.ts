/**
 * The shape of what is stored: result items as they travel in JSON, and the few pure helpers over them.
 *
 * An item is only ever read here; nothing in this file knows a control or a shape. Unknown keys are part of
 * the type on purpose: whatever a client put into an item has to come back.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One result item: the value of one control, possibly for one region. Every key is optional in foreign data. */
export interface ResultItem {
  readonly id?: string;
  readonly from_name?: string;
  readonly to_name?: string;
  readonly type?: string;
  readonly value?: JsonObject;
  readonly origin?: string;
  readonly from_id?: string;
  readonly to_id?: string;
  readonly direction?: string;
  readonly labels?: readonly string[];
  readonly parentID?: string;
  readonly item_index?: number;
  readonly original_width?: number;
  readonly original_height?: number;
  readonly image_rotation?: number;
  readonly score?: number;
  readonly readonly?: boolean;
  readonly meta?: JsonObject;
  readonly [key: string]: Json | undefined;
}

/** True of a relation between two regions, which has no id, no control and no value of its own. */
export function isRelation(item: ResultItem): boolean {
  return item.type === "relation";
}

/**
 * Gives `base` with `changes` laid over it: the same object when nothing differs, otherwise a copy with its
 * keys in the old order and unchanged values shared. `undefined` takes a key away.
 */
export function withChanges<T extends object>(
  base: T,
  changes: Partial<Record<string, Json | undefined>>,
): T {
  const old = base as Record<string, Json | undefined>;
  const changed = Object.keys(changes).filter((key) => !sameJson(old[key], changes[key]));
  if (changed.length === 0) return base;
  const copy: Record<string, Json | undefined> = { ...old };
  for (const key of changed) {
    if (changes[key] === undefined) delete copy[key];
    else copy[key] = changes[key];
  }
  return copy as T;
}

/** Gives `item` with keys of its `value` changed; an accepted prediction says from then on that it was changed. */
export function withValue(item: ResultItem, changes: Partial<Record<string, Json | undefined>>): ResultItem {
  const value = withChanges<JsonObject>(item.value ?? {}, changes);
  if (value === item.value) return item;
  return withChanges(
    item,
    item.origin === "prediction" ? { value, origin: "prediction-changed" } : { value },
  );
}

/** True when two JSON values are the same value, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Gives a fresh region id: ten characters of 64, drawn from the browser's secure source. */
export function newRegionId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(10))) id += ALPHABET[byte & 63];
  return id;
}
