/** Labels picked and waiting for the next region; views may take a pick at once for what they hold marked. */
import { objectOf } from "../../config/results";
import type { ConfigTree, TagNode } from "../../config/tree";

type Taker = (control: TagNode) => boolean;

export class LabelPicks {
  readonly #picked = new Map<TagNode, readonly string[]>();
  readonly #takers = new Map<string, Set<Taker>>();

  /** `changed` is called after every change. */
  constructor(
    private readonly tree: ConfigTree,
    private readonly changed: () => void,
  ) {}

  active(control: TagNode): readonly string[] {
    return this.#picked.get(control) ?? [];
  }

  /** Offers a label to views with something marked: whether one made its region. */
  offer(control: TagNode, label: string): boolean {
    const takers = [...(this.#takers.get(this.#objectOf(control)) ?? [])];
    if (!takers.length) return false;
    const before = this.active(control);
    this.#set(control, [label]);
    const taken = takers.some((take) => take(control));
    this.#set(control, before);
    return taken;
  }

  /** Picks a label, or takes the pick back. */
  pick(control: TagNode, label: string, multiple: boolean): void {
    this.#set(control, toggled(this.active(control), label, multiple));
  }

  /** Clears every pick; true when there was one. */
  clear(): boolean {
    const had = [...this.#picked.values()].some((labels) => labels.length > 0);
    this.#picked.clear();
    this.changed();
    return had;
  }

  onPick(object: string, take: Taker): () => void {
    const takers = this.#takers.get(object) ?? new Set();
    this.#takers.set(object, takers.add(take));
    return () => takers.delete(take);
  }

  /** Lists of the same object share one pick: the new one replaces that of the others. */
  #set(control: TagNode, labels: readonly string[]): void {
    const object = this.#objectOf(control);
    if (labels.length)
      for (const other of [...this.#picked.keys()])
        if (other !== control && this.#objectOf(other) === object) this.#picked.delete(other);
    this.#picked.set(control, labels);
    this.changed();
  }

  #objectOf(control: TagNode): string {
    return objectOf(control, this.tree)?.name ?? "";
  }
}

/** Labels with one put in or taken out; in a single list the new one replaces the old. */
export function toggled(labels: readonly string[], label: string, multiple: boolean): readonly string[] {
  if (labels.includes(label)) return labels.filter((other) => other !== label);
  return multiple ? [...labels, label] : [label];
}
