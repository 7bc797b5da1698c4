/** What may be written where the caret is: tags, attributes and values, as the schemas tell. */
import { attributeSchema } from "./attributes";
import { type CaretPlace, caretPlace, type OpenTag } from "./caret";
import type { AttributeSchema, TagCatalog, TagSchema } from "./schema";
import { scanSource } from "./source";
import { variableNames } from "./variables";

export interface Suggestion {
  readonly label: string;
  /** What it is, in one sentence. */
  readonly doc: string;
  /** What is written in place of `from` to `to`. */
  readonly insert: string;
  /** Where the caret goes then, counted from the beginning of what was written. */
  readonly caret: number;
}

export interface Suggestions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Suggestion[];
}

export interface CompletionOptions {
  /** Somebody asked for it: also where nothing was begun yet. */
  readonly asked: boolean;
  /** Keys of the data that `$` may name. */
  readonly keys?: readonly string[];
}

/** Longer configurations are written by programs; reading them at every key would be felt. */
const LONGEST = 200_000;

/** What fits at an offset of a text, best first; null when nothing does. */
export function complete(
  text: string,
  at: number,
  catalog: TagCatalog,
  how: CompletionOptions,
): Suggestions | null {
  if (text.length > LONGEST) return null;
  const place = caretPlace(text, at);
  const found = suggest(text, at, place, catalog, how);
  if (!found || found.options.length === 0) return null;
  // What stands there already needs no completing.
  const [only] = found.options;
  if (found.options.length === 1 && only?.insert === text.slice(found.from, found.to)) return null;
  return found;
}

function suggest(
  text: string,
  at: number,
  place: CaretPlace,
  catalog: TagCatalog,
  how: CompletionOptions,
): Suggestions | null {
  const offer = (tag: TagPlace) => ({ ...tag, options: tags(text, at, tag, catalog) });
  switch (place.kind) {
    case "nothing":
      return null;
    case "content":
      return how.asked ? offer({ open: place.open, from: at, to: at, before: "<" }) : null;
    case "tag":
      return offer({ ...place, before: "" });
    case "close":
      return closing(text, place);
    case "attribute":
      if (!how.asked && at === place.from) return null;
      return { ...place, options: attributes(text, at, place, catalog) };
    case "value":
      return values(text, at, place, catalog, how);
  }
}

function closing(text: string, place: CaretPlace & { kind: "close" }): Suggestions | null {
  const last = place.open.at(-1);
  if (last === undefined) return null;
  const insert = text[place.to] === ">" ? last : `${last}>`;
  return { ...place, options: [{ label: `/${last}`, doc: "", insert, caret: insert.length }] };
}

/** Those that begin with what was written, then those that hold it; others are left out. */
function matching<Item>(items: readonly Item[], typed: string, named: (item: Item) => string): Item[] {
  const key = typed.toLowerCase();
  const begins = items.filter((item) => named(item).toLowerCase().startsWith(key));
  const holds = items.filter((item) => named(item).toLowerCase().indexOf(key) > 0);
  return [...begins, ...holds];
}

interface TagPlace {
  readonly open: readonly string[];
  readonly from: number;
  readonly to: number;
  /** What must be written before the name. */
  readonly before: string;
}

function tags(text: string, at: number, place: TagPlace, catalog: TagCatalog): Suggestion[] {
  const around = place.open.flatMap((name) => catalog.get(name) ?? []);
  const fitting = catalog
    .all()
    .filter((schema) => fits(schema, around))
    .sort((a, b) => Number(b.role === "part") - Number(a.role === "part") || a.name.localeCompare(b.name));
  const isFresh = /^\s*(?:<|$)/.test(text.slice(place.to, place.to + 200));
  return matching(fitting, text.slice(place.from, at), ({ name }) => name).map((schema) => {
    const insert = place.before + schema.name + (isFresh ? begun(schema, text, catalog) : "");
    const empty = insert.indexOf('""');
    return { label: schema.name, doc: schema.doc, insert, caret: empty < 0 ? insert.length : empty + 1 };
  });
}

/** Parts mean something within a control alone, even those that may stand anywhere. */
function fits({ parents, role }: TagSchema, around: readonly TagSchema[]): boolean {
  if (parents) return around.some(({ name }) => parents.includes(name));
  return role !== "part" || around.some((above) => above.role === "control");
}

/** The attributes that a new tag needs, filled in as far as they can be known. */
function begun(schema: TagSchema, text: string, catalog: TagCatalog): string {
  const names = namesIn(text);
  const filled = Object.entries(schema.attrs)
    .filter(([name, { required }]) => required || (name === "value" && schema.role === "object"))
    .map(([name, attribute]) => ` ${name}="${usual(name, attribute, { schema, names, catalog })}"`);
  const ends = schema.role === "object" || schema.role === "part";
  return filled.join("") + (ends ? "/>" : "");
}

interface Known {
  readonly schema: TagSchema;
  readonly names: readonly NamedTag[];
  readonly catalog: TagCatalog;
}

function usual(name: string, attribute: AttributeSchema, { schema, names, catalog }: Known): string {
  if (attribute.type === "name") return freshName(schema.name.toLowerCase(), names);
  if (attribute.type === "names") return objectNames(schema, names, catalog)[0] ?? "";
  if (name === "value" && schema.role === "object") return `$${schema.name.toLowerCase()}`;
  return "";
}

function freshName(wanted: string, names: readonly NamedTag[]): string {
  const taken = new Set(names.map(({ name }) => name));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${number}`)) number += 1;
  return `${wanted}${number}`;
}

function attributes(
  text: string,
  at: number,
  place: CaretPlace & { kind: "attribute" },
  catalog: TagCatalog,
): Suggestion[] {
  const written = new Set(place.tag.written.map((one) => one.toLowerCase()));
  const own = text.slice(place.from, place.to).toLowerCase();
  const known = Object.entries(catalog.get(place.tag.name)?.attrs ?? {}).filter(
    ([name]) => name.toLowerCase() === own || !written.has(name.toLowerCase()),
  );
  const needed = known.sort(([, a], [, b]) => Number(b.required ?? false) - Number(a.required ?? false));
  const hasValue = /^\s*=/.test(text.slice(place.to, place.to + 20));
  return matching(needed, text.slice(place.from, at), ([name]) => name).map(([name, { doc }]) => ({
    label: name,
    doc,
    insert: hasValue ? name : `${name}=""`,
    caret: hasValue ? name.length : name.length + 2,
  }));
}

function values(
  text: string,
  at: number,
  place: CaretPlace & { kind: "value" },
  catalog: TagCatalog,
  how: CompletionOptions,
): Suggestions | null {
  const schema = catalog.get(place.tag.name);
  const attribute = schema && attributeSchema(schema, place.attribute);
  if (!schema || !attribute) return null;
  const isList = attribute.type === "names" || attribute.type === "enums" || attribute.type === "list";
  const comma = isList ? text.lastIndexOf(",", at - 1) : -1;
  const from = Math.max(place.from, comma + 1);
  const end = isList ? text.indexOf(",", at) : -1;
  const to = end < 0 ? place.to : Math.min(end, place.to);
  const typed = text.slice(from, at);
  // Most values are words of the author's own; the data's are meant where a `$` begins one.
  if (attribute.type === "value" && !how.asked && !typed.startsWith("$")) return null;
  const offered = valuesOf(text, schema, attribute, place, catalog, how);
  const doc = (value: string) =>
    value === String(attribute.default ?? "") ? `${attribute.doc} (default)` : attribute.doc;
  const options = matching(offered, typed, (value) => value).map((value) => ({
    label: value,
    doc: doc(value),
    insert: value,
    caret: value.length,
  }));
  return { from, to, options };
}

function valuesOf(
  text: string,
  schema: TagSchema,
  attribute: AttributeSchema,
  place: { readonly attribute: string; readonly tag: OpenTag },
  catalog: TagCatalog,
  how: CompletionOptions,
): string[] {
  if (attribute.values) return [...attribute.values];
  if (attribute.type === "boolean") return ["true", "false"];
  if (attribute.type === "value")
    return [...new Set([...(how.keys ?? []), ...variableNames(text)])].map((key) => `$${key}`);
  if (attribute.type !== "names") return [];
  const names = namesIn(text);
  return place.attribute.toLowerCase() === "toname"
    ? objectNames(schema, names, catalog)
    : names.filter(({ tag }) => catalog.get(tag)?.role === "control").map(({ name }) => name);
}

interface NamedTag {
  readonly tag: string;
  readonly name: string;
}

/** The names of objects that a control can work on. */
function objectNames(schema: TagSchema, names: readonly NamedTag[], catalog: TagCatalog): string[] {
  return names
    .filter(({ tag }) => {
      const other = catalog.get(tag);
      return other?.role === "object" && (!schema.objects || schema.objects.includes(other.name));
    })
    .map(({ name }) => name);
}

function namesIn(text: string): NamedTag[] {
  return scanSource(text).tags.flatMap((tag) =>
    tag.attributes
      .filter(({ name }) => name.toLowerCase() === "name")
      .flatMap(({ name, offset }) => {
        const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(text.slice(offset + name.length));
        const called = value?.[1] ?? value?.[2] ?? "";
        return called ? [{ tag: tag.name, name: called }] : [];
      }),
  );
}
