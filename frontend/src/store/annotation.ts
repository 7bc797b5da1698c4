/**
 * One open annotation: its document, selection and history as one thing, and the edits people make in words.
 *
 * This is what screens and tools talk to. `edit` is the only way to change items; each call is one undo step.
 */
import { AnnotationDocument, type Schedule } from "./document";
import { type Commit, History } from "./history";
import type { Slot } from "./ops";
import { type Json, newRegionId, type ResultItem, withChanges, withValue } from "./result";
import { Selection, type SelectionSnapshot } from "./selection";

/** Where in a task one is: the page of a list of images, the frame of a video. Undo goes back there. */
export interface Place {
  readonly item: number;
  readonly frame?: number;
}

interface State {
  readonly selection: SelectionSnapshot;
  readonly place: Place;
}

export interface AnnotationOptions {
  /** Where the work begins; page 0 when not said. */
  readonly place?: Place;
  /** How notices are put off to the next frame; tests pass their own. */
  readonly schedule?: Schedule;
  readonly historyBytes?: number;
  /** Makes region ids; random by default. */
  readonly newId?: () => string;
}

type Changes = Partial<Record<string, Json | undefined>>;

/** The changes allowed inside one edit. */
export class Edit {
  constructor(
    private readonly document: AnnotationDocument,
    private readonly history: History<State>,
  ) {}

  /** Adds an item at the end; gives its slot. */
  add(item: ResultItem): Slot {
    const slot = this.document.nextSlot();
    this.history.apply({ kind: "add", slot, item });
    return slot;
  }

  /** Puts another item in a slot; nothing happens when it is the same object. */
  replace(slot: Slot, to: ResultItem): void {
    const from = this.document.item(slot);
    if (from === undefined) throw new Error(`slot ${slot} is empty`);
    if (from !== to) this.history.apply({ kind: "replace", slot, from, to });
  }

  /** Changes top-level keys of an item; `undefined` takes one away. */
  change(slot: Slot, changes: Changes): void {
    const item = this.document.item(slot);
    if (item !== undefined) this.replace(slot, withChanges(item, changes));
  }

  /** Changes keys inside an item's `value`; an untouched prediction becomes a changed one. */
  changeValue(slot: Slot, changes: Changes): void {
    const item = this.document.item(slot);
    if (item !== undefined) this.replace(slot, withValue(item, changes));
  }

  remove(slot: Slot): void {
    const item = this.document.item(slot);
    if (item !== undefined) this.history.apply({ kind: "remove", slot, item });
  }

  /** Removes regions whole, the relations that touch them too, and lets their children go up to no parent. */
  removeRegions(keys: Iterable<string>): void {
    const gone = new Set(keys);
    if (gone.size === 0) return;
    for (const slot of this.document.relations()) {
      const item = this.document.item(slot);
      if (gone.has(item?.from_id ?? "") || gone.has(item?.to_id ?? "")) this.remove(slot);
    }
    for (const key of gone) for (const slot of [...this.document.slots(key)]) this.remove(slot);
    for (const slot of this.document.orderedSlots()) {
      const parent = this.document.item(slot)?.parentID;
      if (parent !== undefined && gone.has(parent)) this.change(slot, { parentID: undefined });
    }
  }

  /** Relates two regions; gives the slot, also when the ordered pair was related already. */
  relate(from: string, to: string, direction: "right" | "left" | "bi" = "right", labels?: string[]): Slot {
    const known = this.document.relations(from).find((slot) => {
      const item = this.document.item(slot);
      return item?.from_id === from && item.to_id === to;
    });
    if (known !== undefined) return known;
    const item: ResultItem = { type: "relation", from_id: from, to_id: to, direction };
    return this.add(labels === undefined ? item : { ...item, labels });
  }

  /** Puts a slot right behind another one, or first of all. */
  moveAfter(slot: Slot, after: Slot | null): void {
    const from = this.document.before(slot);
    if (from !== after && slot !== after) this.history.apply({ kind: "order", slot, from, to: after });
  }
}

export class Annotation {
  readonly document: AnnotationDocument;
  readonly selection = new Selection();
  readonly history: History<State>;
  readonly newId: () => string;
  private currentPlace: Place;
  private readonly placeListeners = new Set<() => void>();

  constructor(results: readonly ResultItem[], options: AnnotationOptions = {}) {
    this.document = new AnnotationDocument(results, options.schedule);
    this.currentPlace = options.place ?? { item: 0 };
    this.newId = options.newId ?? newRegionId;
    const surroundings = {
      capture: (): State => ({ selection: this.selection.capture(), place: this.currentPlace }),
      restore: (state: State) => {
        this.selection.restore(state.selection);
        this.selection.retain((id) => this.document.regions.has(id));
        this.setPlace(state.place);
      },
    };
    this.history = new History(this.document, surroundings, options.historyBytes);
  }

  get place(): Place {
    return this.currentPlace;
  }

  setPlace(place: Place): void {
    if (place.item === this.currentPlace.item && place.frame === this.currentPlace.frame) return;
    this.currentPlace = place;
    for (const listener of [...this.placeListeners]) listener();
  }

  subscribePlace(listener: () => void): () => void {
    this.placeListeners.add(listener);
    return () => this.placeListeners.delete(listener);
  }

  /**
   * Makes one edit, and so one undo step; a throw inside takes everything back. Gives false when nothing
   * changed. `select` says what is selected afterwards, and what redo will select again.
   */
  edit(
    mark: string,
    change: (edit: Edit) => void,
    options: { merge?: string; select?: () => Iterable<string> } = {},
  ): boolean {
    this.history.begin(mark);
    try {
      change(new Edit(this.document, this.history));
    } catch (error) {
      this.history.bail();
      throw error;
    }
    if (options.select !== undefined) this.selection.set(options.select());
    this.selection.retain((id) => this.document.regions.has(id));
    return this.history.commit(options.merge);
  }

  removeRegions(keys: Iterable<string>, mark = "delete"): boolean {
    return this.edit(mark, (edit) => edit.removeRegions(keys));
  }

  undo(): string | undefined {
    return this.history.undo();
  }

  redo(): string | undefined {
    return this.history.redo();
  }

  /** Carries out journalled commits over the results they were made on; undo reaches back through them. */
  replay(commits: readonly Commit[]): void {
    for (const commit of commits) {
      this.history.begin(commit.mark);
      for (const op of commit.ops) this.history.apply(op);
      this.history.commit();
    }
  }
}
