/**
 * Which regions are selected, which one leads, and which one the pointer is over.
 *
 * View state: it is never saved with an annotation, but undo puts it back, so it can be captured and restored.
 */

export interface SelectionSnapshot {
  readonly ids: readonly string[];
}

export class Selection {
  private selected: ReadonlySet<string> = new Set();
  private hovered: string | undefined;
  private readonly listeners = new Set<() => void>();

  /** Selected region keys, in the order they were selected. */
  get ids(): ReadonlySet<string> {
    return this.selected;
  }

  /** The one chosen last, which panels show. */
  get primary(): string | undefined {
    let last: string | undefined;
    for (const id of this.selected) last = id;
    return last;
  }

  get hover(): string | undefined {
    return this.hovered;
  }

  has(id: string): boolean {
    return this.selected.has(id);
  }

  set(ids: Iterable<string>): void {
    const next = new Set(ids);
    if (sameOrder(next, this.selected)) return;
    this.selected = next;
    this.tell();
  }

  /** Adds a region that was not selected, or takes it out when it was. */
  toggle(id: string): void {
    const next = new Set(this.selected);
    if (!next.delete(id)) next.add(id);
    this.set(next);
  }

  add(ids: Iterable<string>): void {
    this.set([...this.selected, ...ids]);
  }

  clear(): void {
    this.set([]);
  }

  setHover(id: string | undefined): void {
    if (id === this.hovered) return;
    this.hovered = id;
    this.tell();
  }

  /** Drops whatever is no longer there. */
  retain(exists: (id: string) => boolean): void {
    this.set([...this.selected].filter(exists));
    if (this.hovered !== undefined && !exists(this.hovered)) this.setHover(undefined);
  }

  capture(): SelectionSnapshot {
    return { ids: [...this.selected] };
  }

  restore(snapshot: SelectionSnapshot): void {
    this.set(snapshot.ids);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function sameOrder(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  const other = b.values();
  for (const id of a) if (other.next().value !== id) return false;
  return true;
}
