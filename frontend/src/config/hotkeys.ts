/**
 * Keys for the items of a configuration. Written ones count first; the rest get single keys in document
 * order, digits before letters, skipping those taken. Annotators rely on that order.
 */
import { type ConfigItem, flattenItems, itemsOf } from "./items";
import type { JsonObject } from "./json";
import type { ConfigTree, TagNode } from "./tree";

const AUTOMATIC = "1234567890qwetasdfgzxcvbyiopjklnm";

export interface ItemKey {
  readonly control: TagNode;
  readonly item: ConfigItem;
  /** One combination, lower case, parts joined by "+": "ctrl+enter", "1". */
  readonly key: string;
}

/** A written hotkey as its alternatives, each normalised: "Ctrl+Enter, 1" gives ["ctrl+enter", "1"]. */
export function parseHotkey(text: string): string[] {
  return text
    .split(",")
    .map((part) =>
      part
        .trim()
        .toLowerCase()
        .split(/\s*\+\s*/)
        .join("+"),
    )
    .filter(Boolean);
}

/** Trees are searched, not keyed: they would eat all the digits. */
const isKeyed = (control: TagNode): boolean => control.type !== "Taxonomy";

/** Gives every label and choice a key while keys last. Written duplicates stay with their first holder. */
export function assignHotkeys(tree: ConfigTree, data: JsonObject = {}): readonly ItemKey[] {
  const entries = tree.nodes
    .filter((node) => node.schema?.role === "control")
    .flatMap((control) => {
      const items = flattenItems(itemsOf(control, data));
      return (isKeyed(control) ? items : items.filter(({ hotkey }) => hotkey !== null)).map((item) => ({
        control,
        item,
      }));
    });
  const taken = new Set<string>();
  for (const node of tree.nodes)
    if (node.schema?.role !== "part")
      for (const key of parseHotkey(node.attributes.get("hotkey") ?? "")) taken.add(key);
  const assigned: (ItemKey | null)[] = entries.map(({ control, item }) => {
    const key = parseHotkey(item.hotkey ?? "").find((candidate) => !taken.has(candidate));
    if (key === undefined) return null;
    taken.add(key);
    return { control, item, key };
  });
  const free = [...AUTOMATIC].filter((key) => !taken.has(key));
  return entries.flatMap(({ control, item }, index) => {
    const known = assigned[index];
    if (known) return [known];
    const key = isKeyed(control) ? free.shift() : undefined;
    return key === undefined ? [] : [{ control, item, key }];
  });
}
