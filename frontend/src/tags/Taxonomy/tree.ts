/**
 * A tree of choices as rows: which are in sight when some are open, and which a search leaves. Made for a hundred
 * thousand: items lie flat, parents first, and a row is the number of its item.
 */
import type { ConfigItem } from "../../config/items";

export type Path = readonly string[];

/** A path as one text, to compare and to remember. */
export const keyOf = (path: Path): string => JSON.stringify(path);

export class ItemTree {
  readonly items: readonly ConfigItem[];
  /** The row of the item around, -1 at the top. */
  private readonly parents: Int32Array;
  /** The row after the last one below. */
  private readonly ends: Int32Array;
  private readonly depths: Uint16Array;
  /** Place among those of the same parent, from 1, and how many they are. */
  private readonly places: Int32Array;
  private readonly siblings: Int32Array;
  private searchable: readonly string[] | undefined;

  /** `below` gives what lies under an item: its own children, or those that were asked for since. */
  constructor(
    top: readonly ConfigItem[],
    private readonly below: (item: ConfigItem) => readonly ConfigItem[] = (item) => item.children,
  ) {
    const items: ConfigItem[] = [];
    const parents: number[] = [];
    const ends: number[] = [];
    const depths: number[] = [];
    const places: number[] = [];
    const siblings: number[] = [];
    const add = (list: readonly ConfigItem[], parent: number, depth: number): void => {
      for (let at = 0; at < list.length; at += 1) {
        const row = items.push(list[at] as ConfigItem) - 1;
        parents.push(parent);
        depths.push(depth);
        places.push(at + 1);
        siblings.push(list.length);
        ends.push(row + 1);
        const under = this.below(list[at] as ConfigItem);
        if (under.length === 0) continue;
        add(under, row, depth + 1);
        ends[row] = items.length;
      }
    };
    add(top, -1, 1);
    this.items = items;
    this.parents = Int32Array.from(parents);
    this.ends = Int32Array.from(ends);
    this.depths = Uint16Array.from(depths);
    this.places = Int32Array.from(places);
    this.siblings = Int32Array.from(siblings);
  }

  /** 1 at the top. */
  level(row: number): number {
    return this.depths[row] ?? 1;
  }

  /** Where among its siblings a row is, from 1, and how many they are. */
  placeOf(row: number): { readonly place: number; readonly of: number } {
    return { place: this.places[row] ?? 1, of: this.siblings[row] ?? 1 };
  }

  parentOf(row: number): number {
    return this.parents[row] ?? -1;
  }

  /** Whether something lies below, or can be asked for. */
  canOpen(row: number): boolean {
    return (this.ends[row] ?? 0) > row + 1 || this.items[row]?.hasMore === true;
  }

  /** Whether what lies below has still to be asked for. */
  lacks(row: number): boolean {
    return this.items[row]?.hasMore === true && (this.ends[row] ?? 0) === row + 1;
  }

  /** What is stored from the top down to a row. */
  pathOf(row: number): Path {
    return this.upFrom(row, (item) => item.stored);
  }

  titlesOf(row: number): Path {
    return this.upFrom(row, (item) => item.value);
  }

  /** The rows in sight: the top ones, and what lies below those that are open (by their paths' keys). */
  rows(open: ReadonlySet<string>): Int32Array {
    const found: number[] = [];
    for (let row = 0; row < this.items.length; ) {
      found.push(row);
      const inside = open.size > 0 && this.canOpen(row) && open.has(keyOf(this.pathOf(row)));
      row = inside ? row + 1 : (this.ends[row] as number);
    }
    return Int32Array.from(found);
  }

  /** The rows whose item has a text in it, in any case, and those around them. */
  matching(text: string): Int32Array {
    this.searchable ??= this.items.map((item) => item.value.toLowerCase());
    const query = text.toLowerCase();
    const kept = new Uint8Array(this.items.length);
    this.searchable.forEach((title, row) => {
      if (!title.includes(query)) return;
      for (let up = row; up >= 0 && kept[up] === 0; up = this.parentOf(up)) kept[up] = 1;
    });
    const found: number[] = [];
    kept.forEach((is, row) => {
      if (is === 1) found.push(row);
    });
    return Int32Array.from(found);
  }

  private upFrom(row: number, read: (item: ConfigItem) => string): Path {
    const path: string[] = [];
    for (let at = row; at >= 0; at = this.parentOf(at)) path.push(read(this.items[at] as ConfigItem));
    return path.reverse();
  }
}
