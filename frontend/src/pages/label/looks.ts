/** How labels look and which keys pick them, worked out once for a task. */
import { assignHotkeys } from "../../config/hotkeys";
import { findItem, flattenItems, itemsOf } from "../../config/items";
import type { JsonObject } from "../../config/json";
import { assignColors } from "../../config/palette";
import { objectOf } from "../../config/results";
import { type ConfigTree, controlsOf, type TagNode } from "../../config/tree";

export interface LabelLook {
  readonly color: string;
  /** What is shown: the value, where an alias is stored. */
  readonly title: string;
}

export class LabelLooks {
  readonly #known = new Map<string, LabelLook>();
  readonly #keys: ReadonlyMap<TagNode, ReadonlyMap<string, string>>;

  constructor(
    private readonly tree: ConfigTree,
    private readonly data: JsonObject,
  ) {
    this.#keys = keysByControl(tree, data);
  }

  keyOf(control: TagNode, stored: string): string | null {
    return this.#keys.get(control)?.get(stored) ?? null;
  }

  /** The look of a label of an object ("" for any); labels nobody offers get a colour of the palette. */
  of(label: string, object: string): LabelLook {
    const key = `${object}\n${label}`;
    const known = this.#known.get(key);
    if (known) return known;
    const look = this.#find(label, object) ?? {
      color: assignColors([{ stored: label, background: null }]).get(label) ?? "#888888",
      title: label,
    };
    this.#known.set(key, look);
    return look;
  }

  #find(label: string, object: string): LabelLook | undefined {
    for (const control of controlsOf(this.tree)) {
      if (!control.schema?.hasLabels && control.type !== "Taxonomy") continue;
      if (object && objectOf(control, this.tree)?.name !== object) continue;
      const items = flattenItems(itemsOf(control, this.data));
      const item = findItem(items, label);
      if (item) return { color: assignColors(items).get(item.stored) ?? "#888888", title: item.value };
    }
    return undefined;
  }
}

function keysByControl(tree: ConfigTree, data: JsonObject): Map<TagNode, Map<string, string>> {
  const keys = new Map<TagNode, Map<string, string>>();
  for (const { control, item, key } of assignHotkeys(tree, data)) {
    const own = keys.get(control) ?? new Map<string, string>();
    keys.set(control, own.set(item.stored, key));
  }
  return keys;
}
