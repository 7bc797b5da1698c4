/**
 * The items a control offers: its `Label`s or `Choice`s, written in the configuration or listed in the
 * task's data. Shown is `value`, stored is `alias` when there is one; either is recognised on reading.
 */
import { readAttribute, readFlag, readText } from "./attributes";
import { isJsonObject, type JsonObject, type JsonValue } from "./json";
import type { TagNode } from "./tree";

export interface ConfigItem {
  /** What is shown. */
  readonly value: string;
  /** What is stored: the alias, else the value. */
  readonly stored: string;
  readonly alias: string | null;
  readonly background: string | null;
  readonly hotkey: string | null;
  readonly hint: string | null;
  readonly html: string | null;
  /** Chosen already in new annotations. */
  readonly selected: boolean;
  readonly maxUsages: number | null;
  readonly children: readonly ConfigItem[];
  /** The element it was written in; null when it came from the data. */
  readonly node: TagNode | null;
}

const itemTags = new Set(["Label", "Choice", "Relation", "Shortcut"]);

/** The items of a control: its children in document order (Views between are passed through), then the list in the data. */
export function itemsOf(control: TagNode, data: JsonObject = {}): readonly ConfigItem[] {
  const written = control.children.flatMap((child) => writtenItems(child, data));
  const listed = readAttribute(control, "value", data);
  return Array.isArray(listed) ? [...written, ...(listed as JsonValue[]).flatMap(listedItem)] : written;
}

function writtenItems(node: TagNode, data: JsonObject): ConfigItem[] {
  const below = () => node.children.flatMap((child) => writtenItems(child, data));
  if (!itemTags.has(node.type)) return node.schema?.role === "control" ? [] : below();
  const value = readAttribute(node, "value", data);
  if (Array.isArray(value)) return (value as JsonValue[]).flatMap(listedItem);
  const text = readText(node, "value", data);
  const alias = readText(node, "alias", data) || null;
  const usages = Number.parseInt(readText(node, "maxUsages", data), 10);
  return [
    {
      value: text,
      stored: alias ?? text,
      alias,
      background: node.attributes.get("background") ?? null,
      hotkey: node.attributes.get("hotkey") ?? null,
      hint: readText(node, "hint", data) || null,
      html: readText(node, "html", data) || null,
      selected: readFlag(node, "selected", data),
      maxUsages: Number.isFinite(usages) ? usages : null,
      children: below(),
      node,
    },
  ];
}

/** Items of a list as data and servers give them: texts, or objects with the attributes of an item. */
export function listItems(list: JsonValue): readonly ConfigItem[] {
  return Array.isArray(list) ? (list as JsonValue[]).flatMap(listedItem) : [];
}

function listedItem(entry: JsonValue): ConfigItem[] {
  if (typeof entry === "string" || typeof entry === "number") return listedItem({ value: String(entry) });
  if (!isJsonObject(entry)) return [];
  const text = (key: string) => {
    const value = entry[key];
    return value === undefined || value === null || value === "" ? null : String(value);
  };
  const value = text("value") ?? text("alias");
  if (value === null) return [];
  const alias = text("alias");
  const children = entry.children;
  return [
    {
      value,
      stored: alias ?? value,
      alias,
      background: text("background"),
      hotkey: text("hotkey"),
      hint: text("hint"),
      html: text("html"),
      selected: entry.selected === true || entry.selected === "true",
      maxUsages: text("maxUsages") === null ? null : Number(text("maxUsages")),
      children: Array.isArray(children) ? (children as JsonValue[]).flatMap(listedItem) : [],
      node: null,
    },
  ];
}

/** The item a stored text means: by its stored form, else by its shown one. */
export function findItem(items: readonly ConfigItem[], stored: string): ConfigItem | undefined {
  return items.find((item) => item.stored === stored) ?? items.find((item) => item.value === stored);
}

/** All items with those nested in them, parents first. */
export function flattenItems(items: readonly ConfigItem[]): readonly ConfigItem[] {
  return items.flatMap((item) => [item, ...flattenItems(item.children)]);
}
