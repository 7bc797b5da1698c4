/**
 * Undo and redo over a document, one entry per gesture.
 *
 * A gesture opens with `begin`, applies operations, and ends in `commit` (one entry) or `bail` (as if it had
 * never been). Entries share the items with the document, so a move costs a few hundred bytes; the whole
 * history is capped by memory. What has to come back with an undo besides items, the selection and the page
 * or frame, is captured and restored through `Surroundings`.
 */
import type { AnnotationDocument } from "./document";
import { inverseAll, type Op, type Slot, squash, weigh } from "./ops";

/** What an undo restores besides the items. */
export interface Surroundings<S> {
  capture(): S;
  restore(state: S): void;
}

/** Operations that became part of the document for good, as the journal wants them. */
export interface Commit {
  readonly mark: string;
  readonly ops: readonly Op[];
  readonly origin: "edit" | "undo" | "redo";
}

interface Entry<S> {
  readonly mark: string;
  readonly merge: string | undefined;
  readonly ops: readonly Op[];
  readonly before: S;
  readonly after: S;
  readonly bytes: number;
}

interface Open<S> {
  readonly mark: string;
  readonly ops: Op[];
  readonly before: S;
  readonly firstSlot: Slot;
}

const CAP_BYTES = 8 * 1024 * 1024;

export class History<S> {
  private done: Entry<S>[] = [];
  private undone: Entry<S>[] = [];
  private open: Open<S> | undefined;
  private sealed = true;
  private readonly listeners = new Set<(commit: Commit) => void>();

  constructor(
    private readonly document: AnnotationDocument,
    private readonly surroundings: Surroundings<S>,
    private readonly capBytes: number = CAP_BYTES,
  ) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  get isOpen(): boolean {
    return this.open !== undefined;
  }

  /** Roughly the bytes the history holds, both ways. */
  get bytes(): number {
    return [...this.done, ...this.undone].reduce((sum, entry) => sum + entry.bytes, 0);
  }

  get depth(): number {
    return this.done.length;
  }

  /** What the next undo (or redo) would take back, for the menu. */
  get undoMark(): string | undefined {
    return this.done.at(-1)?.mark;
  }

  get redoMark(): string | undefined {
    return this.undone.at(-1)?.mark;
  }

  /** Opens a gesture. A gesture left open by someone else is bailed: half a drag is never kept. */
  begin(mark: string): void {
    if (this.open !== undefined) this.bail();
    const before = this.surroundings.capture();
    this.open = { mark, ops: [], before, firstSlot: this.document.nextSlot() };
  }

  apply(op: Op): void {
    if (this.open === undefined) throw new Error("no gesture is open");
    this.document.apply(op);
    this.open.ops.push(op);
  }

  /**
   * Ends the gesture as one entry; gives false when nothing had changed. Gestures with the same `merge` key,
   * one after the other, become one entry: a held arrow key is undone at once.
   */
  commit(merge?: string): boolean {
    const open = this.open;
    if (open === undefined) throw new Error("no gesture is open");
    this.open = undefined;
    const ops = squash(open.ops);
    if (ops.length === 0) {
      this.document.forget(open.firstSlot);
      return false;
    }
    this.dropUnused(open.ops, ops);
    const after = this.surroundings.capture();
    const last = this.done.at(-1);
    if (merge !== undefined && !this.sealed && last !== undefined && last.merge === merge) {
      const joined = squash([...last.ops, ...ops]);
      this.done[this.done.length - 1] = { ...last, ops: joined, after, bytes: weigh(joined) };
    } else {
      this.done.push({ mark: open.mark, merge, ops, before: open.before, after, bytes: weigh(ops) });
    }
    this.sealed = false;
    this.undone = [];
    this.trim();
    this.tell({ mark: open.mark, ops, origin: "edit" });
    return true;
  }

  /** Takes the open gesture back to its mark, selection included. Nothing happens when none is open. */
  bail(): void {
    const open = this.open;
    if (open === undefined) return;
    this.open = undefined;
    for (const op of inverseAll(open.ops)) this.document.apply(op);
    this.document.forget(open.firstSlot);
    this.surroundings.restore(open.before);
  }

  /** Stops later gestures from being merged into the last entry. */
  seal(): void {
    this.sealed = true;
  }

  /** Takes back the last gesture; gives its mark, or nothing when there is none. */
  undo(): string | undefined {
    this.bail();
    const entry = this.done.pop();
    if (entry === undefined) return undefined;
    this.carryOut(inverseAll(entry.ops), entry.before, entry.mark, "undo");
    this.undone.push(entry);
    return entry.mark;
  }

  redo(): string | undefined {
    this.bail();
    const entry = this.undone.pop();
    if (entry === undefined) return undefined;
    this.carryOut(entry.ops, entry.after, entry.mark, "redo");
    this.done.push(entry);
    return entry.mark;
  }

  /** Hears of every change that stays: commits, undos and redos, in order. */
  subscribe(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private carryOut(ops: readonly Op[], state: S, mark: string, origin: "undo" | "redo"): void {
    for (const op of ops) this.document.apply(op);
    this.surroundings.restore(state);
    this.sealed = true;
    this.tell({ mark, ops, origin });
  }

  /** Slots that came and went within the gesture are in no entry; nothing may stand behind them later. */
  private dropUnused(all: readonly Op[], kept: readonly Op[]): void {
    const used = new Set(kept.map((op) => op.slot));
    const unused = all.filter((op) => op.kind === "add" && !used.has(op.slot)).map((op) => op.slot);
    if (unused.length > 0) this.document.drop(new Set(unused));
  }

  /** Forgets the oldest entries above the cap, but never the last one. */
  private trim(): void {
    let bytes = this.bytes;
    let drop = 0;
    while (bytes > this.capBytes && drop < this.done.length - 1) {
      bytes -= (this.done[drop] as Entry<S>).bytes;
      drop += 1;
    }
    if (drop > 0) this.done = this.done.slice(drop);
  }

  private tell(commit: Commit): void {
    for (const listener of [...this.listeners]) listener(commit);
  }
}
