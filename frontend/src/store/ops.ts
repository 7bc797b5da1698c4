/**
 * The four operations an annotation document knows, their inverses, and how a run of them is shortened.
 *
 * Operations are plain data: they can be journalled and replayed over the same loaded results. Adding or
 * removing a relation is adding or removing its item, since a relation is an item like any other.
 */
import type { ResultItem } from "./result";

/** A place in the document for one item. It stays the item's own while the item is edited, removed or restored. */
export type Slot = number;

export interface AddOp {
  readonly kind: "add";
  readonly slot: Slot;
  readonly item: ResultItem;
}
export interface RemoveOp {
  readonly kind: "remove";
  readonly slot: Slot;
  readonly item: ResultItem;
}
export interface ReplaceOp {
  readonly kind: "replace";
  readonly slot: Slot;
  readonly from: ResultItem;
  readonly to: ResultItem;
}
/** Puts a slot behind another one; `null` is the very beginning. `from` is what it stood behind before. */
export interface OrderOp {
  readonly kind: "order";
  readonly slot: Slot;
  readonly from: Slot | null;
  readonly to: Slot | null;
}
export type Op = AddOp | RemoveOp | ReplaceOp | OrderOp;

/** Gives the operation that undoes `op`. It shares its items, so it costs next to nothing. */
export function inverse(op: Op): Op {
  switch (op.kind) {
    case "add":
      return { kind: "remove", slot: op.slot, item: op.item };
    case "remove":
      return { kind: "add", slot: op.slot, item: op.item };
    default:
      return { ...op, from: op.to, to: op.from } as Op;
  }
}

/** Gives the inverses of a run, last first. */
export function inverseAll(ops: readonly Op[]): Op[] {
  return ops.map(inverse).reverse();
}

/**
 * Gives the shortest run with the same effect: one operation for each slot's content. A slot added and removed
 * again disappears, unless something was put in order beside it.
 */
export function squash(ops: readonly Op[]): Op[] {
  const keepEmpty = ops.some((op) => op.kind === "order");
  const result: (Op | undefined)[] = [];
  const lastOf = new Map<Slot, number>();
  for (const op of ops) {
    if (op.kind === "order") {
      result.push(op);
      continue;
    }
    const at = lastOf.get(op.slot);
    const earlier = at === undefined ? undefined : result[at];
    const joined = at === undefined || earlier === undefined ? undefined : join(earlier, op);
    if (at === undefined || joined === undefined || (joined === "nothing" && keepEmpty)) {
      lastOf.set(op.slot, result.push(op) - 1);
      continue;
    }
    result[at] = joined === "nothing" ? undefined : joined;
    if (joined === "nothing") lastOf.delete(op.slot);
  }
  return result.filter((op) => op !== undefined);
}

function join(first: Op, second: Op): Op | "nothing" | undefined {
  const slot = first.slot;
  if (first.kind === "add" && second.kind === "replace") return { kind: "add", slot, item: second.to };
  if (first.kind === "add" && second.kind === "remove") return "nothing";
  if (first.kind === "replace" && second.kind === "remove") return { kind: "remove", slot, item: first.from };
  if (first.kind === "replace" && second.kind === "replace") return joinContent(slot, first.from, second.to);
  if (first.kind === "remove" && second.kind === "add") return joinContent(slot, first.item, second.item);
  return undefined;
}

function joinContent(slot: Slot, from: ResultItem, to: ResultItem): Op | "nothing" {
  return from === to ? "nothing" : { kind: "replace", slot, from, to };
}

const OP_BYTES = 96;
const weights = new WeakMap<object, number>();

/** Gives roughly how many bytes of memory keeping these operations costs. Items are weighed once each. */
export function weigh(ops: readonly Op[]): number {
  let bytes = 0;
  for (const op of ops) {
    bytes += OP_BYTES;
    if (op.kind === "add" || op.kind === "remove") bytes += weighValue(op.item);
    else if (op.kind === "replace") bytes += weighValue(op.from) + weighValue(op.to);
  }
  return bytes;
}

function weighValue(value: unknown): number {
  if (typeof value === "string") return 16 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  const known = weights.get(value);
  if (known !== undefined) return known;
  let bytes = 32;
  if (Array.isArray(value) && typeof value[0] === "number") bytes += value.length * 8;
  else for (const part of Object.values(value)) bytes += 16 + weighValue(part);
  weights.set(value, bytes);
  return bytes;
}
