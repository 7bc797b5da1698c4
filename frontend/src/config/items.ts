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
  /** Whether it says that more lies below it, to be asked for when it is opened. */
  readonly hasMore: boolean;
}

const itemTags = new Set(["Label", "Choice", "Relation", "Shortcut"]);

/** The items of a control: its children in document order (Views between are passed through), then the list in the data. */
export function itemsOf(control: TagNode, data: JsonObject = {}): readonly ConfigItem[] {
  const written = control.children.flatMap((child) => writtenItems(child, data));
  const listed = readAttribute(control, "value", data);
  if (!Array.isArray(listed)) return written;
  const items = listItems(listed);
  return written.length > 0 ? [...written, ...items] : items;
}

function writtenItems(node: TagNode, data: JsonObject): readonly ConfigItem[] {
  const below = () => node.children.flatMap((child) => writtenItems(child, data));
  if (!itemTags.has(node.type)) return node.schema?.role === "control" ? [] : below();
  const value = readAttribute(node, "value", data);
  if (Array.isArray(value)) return listItems(value);
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
      hasMore: false,
    },
  ];
}

/** Lists may have a hundred thousand items and are asked about at every turn: each is read once. */
const readLists = new WeakMap<object, readonly ConfigItem[]>();

/** Items of a list as data and servers give them: texts, or objects with the attributes of an item. */
export function listItems(list: JsonValue): readonly ConfigItem[] {
  if (!Array.isArray(list)) return [];
  const known = readLists.get(list) ?? listedItems(list as JsonValue[]);
  readLists.set(list, known);
  return known;
}

function listedItems(list: readonly JsonValue[]): readonly ConfigItem[] {
  const items: ConfigItem[] = [];
  for (const entry of list) {
    const item = listedItem(entry);
    if (item) items.push(item);
  }
  return items;
}

function listedItem(entry: JsonValue): ConfigItem | null {
  if (typeof entry === "string" || typeof entry === "number") return listedItem({ value: String(entry) });
  if (!isJsonObject(entry)) return null;
  const alias = textOf(entry.alias);
  const value = textOf(entry.value) ?? alias;
  if (value === null) return null;
  const usages = textOf(entry.maxUsages);
  const children = Array.isArray(entry.children) ? (entry.children as JsonValue[]) : [];
  return {
    value,
    stored: alias ?? value,
    alias,
    background: textOf(entry.background),
    hotkey: textOf(entry.hotkey),
    hint: textOf(entry.hint),
    html: textOf(entry.html),
    selected: entry.selected === true || entry.selected === "true",
    maxUsages: usages === null ? null : Number(usages),
    children: children.length > 0 ? listedItems(children) : [],
    node: null,
    hasMore: children.length === 0 && (entry.isLeaf === false || entry.isLeaf === "false"),
  };
}

function textOf(value: JsonValue | undefined): string | null {
  return value === undefined || value === null || value === "" ? null : String(value);
}

interface Names {
  readonly stored: ReadonlyMap<string, ConfigItem>;
  readonly shown: ReadonlyMap<string, ConfigItem>;
}

/** From this many on, names are looked up instead of walked through. */
const MANY = 64;
const names = new WeakMap<object, Names>();

/** The item a stored text means: by its stored form, else by its shown one. */
export function findItem(items: readonly ConfigItem[], stored: string): ConfigItem | undefined {
  if (items.length < MANY)
    return items.find((item) => item.stored === stored) ?? items.find((item) => item.value === stored);
  const known = names.get(items) ?? namesOf(items);
  names.set(items, known);
  return known.stored.get(stored) ?? known.shown.get(stored);
}

/** The first of a name counts. */
function namesOf(items: readonly ConfigItem[]): Names {
  const [stored, shown] = [new Map<string, ConfigItem>(), new Map<string, ConfigItem>()];
  for (const item of items) {
    if (!stored.has(item.stored)) stored.set(item.stored, item);
    if (!shown.has(item.value)) shown.set(item.value, item);
  }
  return { stored, shown };
}

const flat = new WeakMap<object, readonly ConfigItem[]>();

/** All items with those nested in them, parents first. */
export function flattenItems(items: readonly ConfigItem[]): readonly ConfigItem[] {
  const known = flat.get(items);
  if (known) return known;
  const all: ConfigItem[] = [];
  const add = (list: readonly ConfigItem[]) => {
    for (const item of list) {
      all.push(item);
      if (item.children.length > 0) add(item.children);
    }
  };
  add(items);
  flat.set(items, all);
  return all;
}
