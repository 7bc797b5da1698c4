/**
 * The annotation document: the items as they were loaded, and what operations have made of them since.
 *
 * It is the truth for every key, also those nobody here understands: an item that was not edited is given back
 * as the very object that was loaded. Items sharing an `id` are one region; relations are kept beside them.
 * Shapes, labels and pixels are not known here: the scene derives them. Undo lives in `history.ts`.
 */
import type { Op, Slot } from "./ops";
import { isRelation, type ResultItem } from "./result";

/** One region: the slots of the items that share an id, oldest first. `key` is the id, or made up for items without. */
export interface Region {
  readonly key: string;
  readonly slots: readonly Slot[];
}

/** What changed since the last notice. `structure` says that items came, went or changed places. */
export interface Change {
  readonly ids: ReadonlySet<string>;
  readonly epoch: number;
  readonly structure: boolean;
}
export type Listener = (change: Change) => void;
export type Schedule = (run: () => void) => void;

const NO_SLOTS: readonly Slot[] = [];

/** Runs something before the next picture; at once-ish where nobody looks (hidden tab, no window). */
export function nextFrame(run: () => void): void {
  const visible = typeof document !== "undefined" && document.visibilityState === "visible";
  if (visible && typeof requestAnimationFrame === "function") requestAnimationFrame(run);
  else queueMicrotask(run);
}

export class AnnotationDocument {
  /** The items as loaded, in their order. */
  readonly loaded: readonly ResultItem[];
  private readonly content: (ResultItem | undefined)[];
  private readonly order: Slot[];
  private readonly regionMap = new Map<string, Region>();
  private readonly relationSlots = new Set<Slot>();
  private readonly listeners = new Set<Listener>();
  private readonly regionListeners = new Map<string, Set<() => void>>();
  private dirty = new Set<string>();
  private dirtyStructure = false;
  private scheduled = false;
  private currentEpoch = 0;
  private savedEpoch = 0;
  private saved: readonly ResultItem[];
  private keyCache: { epoch: number; keys: readonly string[] } | undefined;
  private structureEpoch = 0;

  constructor(
    results: readonly ResultItem[],
    private readonly schedule: Schedule = nextFrame,
  ) {
    this.loaded = Object.freeze(results);
    this.saved = results;
    this.content = results.slice();
    this.order = results.map((_, slot) => slot);
    results.forEach((item, slot) => {
      this.enter(slot, item);
    });
  }

  /** Counts every applied operation; equal epochs mean equal content. */
  get epoch(): number {
    return this.currentEpoch;
  }

  get regions(): ReadonlyMap<string, Region> {
    return this.regionMap;
  }

  /** Gives the items to save, in order; untouched ones are the loaded objects themselves. */
  results(): readonly ResultItem[] {
    if (this.savedEpoch === this.currentEpoch) return this.saved;
    const items: ResultItem[] = [];
    for (const slot of this.order) {
      const item = this.content[slot];
      if (item !== undefined) items.push(item);
    }
    const unchanged = items.length === this.loaded.length && items.every((it, i) => it === this.loaded[i]);
    this.saved = unchanged ? this.loaded : Object.freeze(items);
    this.savedEpoch = this.currentEpoch;
    return this.saved;
  }

  item(slot: Slot): ResultItem | undefined {
    return this.content[slot];
  }

  /** Gives the items of a region, oldest first; none when it is not there. */
  items(key: string): ResultItem[] {
    return this.slots(key).map((slot) => this.content[slot] as ResultItem);
  }

  slots(key: string): readonly Slot[] {
    return this.regionMap.get(key)?.slots ?? NO_SLOTS;
  }

  /** Gives region keys in the order of their first item. */
  regionKeys(): readonly string[] {
    if (this.keyCache?.epoch === this.structureEpoch) return this.keyCache.keys;
    const seen = new Set<string>();
    for (const slot of this.order) {
      const item = this.content[slot];
      if (item !== undefined && !isRelation(item)) seen.add(this.keyOf(slot));
    }
    const keys = [...seen];
    this.keyCache = { epoch: this.structureEpoch, keys };
    return keys;
  }

  /** Gives the slots of all relations, or of those that touch one region. */
  relations(key?: string): Slot[] {
    const slots = [...this.relationSlots].sort((a, b) => a - b);
    if (key === undefined) return slots;
    return slots.filter((slot) => {
      const item = this.content[slot];
      return item?.from_id === key || item?.to_id === key;
    });
  }

  /** Gives the region an item belongs to. Items without an id are regions of their own. */
  keyOf(slot: Slot): string {
    return regionKey(slot, this.content[slot]);
  }

  /** Gives a slot no item has yet. */
  nextSlot(): Slot {
    return this.content.length;
  }

  /** Gives the slot that stands right before this one, removed ones counted; null at the beginning. */
  before(slot: Slot): Slot | null {
    const at = this.order.indexOf(slot);
    return at > 0 ? (this.order[at - 1] ?? null) : null;
  }

  /** Gives living slots in order. */
  orderedSlots(): Slot[] {
    return this.order.filter((slot) => this.content[slot] !== undefined);
  }

  /** Carries out one operation. Throws when it does not fit the present state: that is a fault of the caller. */
  apply(op: Op): void {
    const present = this.content[op.slot];
    switch (op.kind) {
      case "add":
        if (present !== undefined) throw new Error(`slot ${op.slot} is taken`);
        if (op.slot >= this.content.length) this.order.push(op.slot);
        this.content[op.slot] = op.item;
        this.enter(op.slot, op.item);
        break;
      case "remove":
        if (present === undefined) throw new Error(`slot ${op.slot} is empty`);
        this.leave(op.slot, present);
        this.content[op.slot] = undefined;
        break;
      case "replace":
        if (present === undefined) throw new Error(`slot ${op.slot} is empty`);
        this.replace(op.slot, present, op.to);
        break;
      case "order":
        this.reorder(op.slot, op.to);
        break;
    }
    this.currentEpoch += 1;
    if (op.kind !== "replace") this.structureEpoch += 1;
    this.notify(op.kind !== "replace");
  }

  /**
   * Takes back slots that only a bailed or squashed-away gesture has used, as if they had never been given
   * out, so that a replayed journal counts slots as the live document did.
   */
  forget(first: Slot): void {
    if (this.content.slice(first).some((item) => item !== undefined)) return;
    this.content.length = Math.min(this.content.length, first);
    for (let i = this.order.length - 1; i >= 0; i -= 1) {
      if ((this.order[i] as Slot) >= first) this.order.splice(i, 1);
    }
  }

  /** Takes empty slots out of the order for good: a replayed journal has never heard of them. */
  drop(slots: ReadonlySet<Slot>): void {
    for (let i = this.order.length - 1; i >= 0; i -= 1) {
      const slot = this.order[i] as Slot;
      if (slots.has(slot) && this.content[slot] === undefined) this.order.splice(i, 1);
    }
  }

  /** Calls back with what changed, at most once per frame. Gives the way to stop. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** As `subscribe`, for one region; costs nothing for regions nobody watches. */
  subscribeRegion(key: string, listener: () => void): () => void {
    const set = this.regionListeners.get(key) ?? new Set();
    this.regionListeners.set(key, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.regionListeners.get(key) === set) this.regionListeners.delete(key);
    };
  }

  /** Sends out what is pending now instead of at the next frame. */
  flush(): void {
    if (this.dirty.size === 0 && !this.dirtyStructure) return;
    const change: Change = { ids: this.dirty, epoch: this.currentEpoch, structure: this.dirtyStructure };
    this.dirty = new Set();
    this.dirtyStructure = false;
    for (const listener of [...this.listeners]) listener(change);
    if (this.regionListeners.size === 0) return;
    for (const id of change.ids) for (const listener of [...(this.regionListeners.get(id) ?? [])]) listener();
  }

  private notify(structure: boolean): void {
    this.dirtyStructure ||= structure;
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private replace(slot: Slot, from: ResultItem, to: ResultItem): void {
    const sameRegion = regionKey(slot, from) === regionKey(slot, to) && isRelation(from) === isRelation(to);
    if (sameRegion) {
      this.content[slot] = to;
      this.touch(slot, to);
      return;
    }
    this.leave(slot, from);
    this.content[slot] = to;
    this.enter(slot, to);
    this.structureEpoch += 1;
    this.dirtyStructure = true;
  }

  private reorder(slot: Slot, after: Slot | null): void {
    const at = this.order.indexOf(slot);
    if (at < 0) throw new Error(`slot ${slot} is unknown`);
    this.order.splice(at, 1);
    this.order.splice(after === null ? 0 : this.order.indexOf(after) + 1, 0, slot);
    const item = this.content[slot];
    if (item !== undefined) this.touch(slot, item);
  }

  private enter(slot: Slot, item: ResultItem): void {
    this.touch(slot, item);
    if (isRelation(item)) {
      this.relationSlots.add(slot);
      return;
    }
    const key = regionKey(slot, item);
    const slots = this.regionMap.get(key)?.slots ?? NO_SLOTS;
    const last = slots[slots.length - 1];
    const grown =
      last === undefined || last < slot ? [...slots, slot] : [...slots, slot].sort((a, b) => a - b);
    this.regionMap.set(key, { key, slots: grown });
  }

  private leave(slot: Slot, item: ResultItem): void {
    this.touch(slot, item);
    if (this.relationSlots.delete(slot)) return;
    const key = regionKey(slot, item);
    const slots = this.slots(key).filter((other) => other !== slot);
    if (slots.length === 0) this.regionMap.delete(key);
    else this.regionMap.set(key, { key, slots });
  }

  private touch(slot: Slot, item: ResultItem): void {
    if (!isRelation(item)) {
      this.dirty.add(regionKey(slot, item));
      return;
    }
    if (item.from_id !== undefined) this.dirty.add(item.from_id);
    if (item.to_id !== undefined) this.dirty.add(item.to_id);
  }
}

/** Foreign data may hold anything in `id`; what is no usable id gets a key that no JSON id can equal by chance. */
function regionKey(slot: Slot, item: ResultItem | undefined): string {
  const id: unknown = item?.id;
  if (typeof id === "string" && id !== "") return id;
  return typeof id === "number" ? String(id) : `\u0000${slot}`;
}
