/** Typed reading of a node's attributes by its schema. */
import type { JsonObject, JsonValue } from "./json";
import type { AttributeSchema, TagSchema } from "./schema";
import type { TagNode } from "./tree";
import { resolveText } from "./variables";

/** The schema of an attribute, found in any case. */
export function attributeSchema(schema: TagSchema, name: string): AttributeSchema | undefined {
  const exact = schema.attrs[name];
  if (exact) return exact;
  const key = name.toLowerCase();
  for (const [known, attribute] of Object.entries(schema.attrs))
    if (known.toLowerCase() === key) return attribute;
  return undefined;
}

/** The attribute's text as written, or null. A tag's own text stands in for a missing `value`. */
export function rawAttribute(node: TagNode, name: string): string | null {
  const written = node.attributes.get(name.toLowerCase());
  if (written !== undefined) return written;
  return name.toLowerCase() === "value" && node.content ? node.content : null;
}

/**
 * An attribute read by its schema: the default when not written or not readable, variables filled in
 * from `data`. Unknown attributes give their text, "true" and "false" as booleans.
 */
export function readAttribute(node: TagNode, name: string, data: JsonObject = {}): JsonValue {
  const schema = node.schema ? attributeSchema(node.schema, name) : undefined;
  const written = rawAttribute(node, name);
  const fallback = schema?.default ?? null;
  if (written === null) return fallback;
  if (node.schema?.content === "markup" && !node.attributes.has(name.toLowerCase())) return written;
  const value = written.includes("$") ? resolveText(written, data) : written;
  if (!schema) return value === "true" ? true : value === "false" ? false : value;
  return typeof value === "string" ? (readers[schema.type](value, schema) ?? fallback) : value;
}

type Reader = (text: string, schema: AttributeSchema) => JsonValue | undefined;

const asIs: Reader = (text) => text;

const readNumber: Reader = (text) => {
  const number = Number.parseFloat(text);
  return Number.isFinite(number) ? number : undefined;
};

const readBoolean: Reader = (text) => {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "yes" || word === "1") return true;
  return word === "false" || word === "no" || word === "0" || word === "" ? false : undefined;
};

const readList: Reader = (text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const readEnum: Reader = (text, schema) =>
  schema.values?.find((value) => value.toLowerCase() === text.trim().toLowerCase());

const readers: Record<AttributeSchema["type"], Reader> = {
  text: asIs,
  value: asIs,
  color: asIs,
  css: asIs,
  hotkey: asIs,
  name: asIs,
  number: readNumber,
  boolean: readBoolean,
  enum: readEnum,
  list: readList,
  names: readList,
  enums: (text, schema) =>
    (readList(text, schema) as string[]).flatMap((part) => readEnum(part, schema) ?? []) as JsonValue,
};

/** An attribute as text; "" when there is none. */
export function readText(node: TagNode, name: string, data: JsonObject = {}): string {
  const value = readAttribute(node, name, data);
  return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** An attribute as a boolean; unreadable text counts as false. */
export function readFlag(node: TagNode, name: string, data: JsonObject = {}): boolean {
  return readAttribute(node, name, data) === true;
}

/** An attribute as a comma list of trimmed words. */
export function readWords(node: TagNode, name: string): readonly string[] {
  const written = node.attributes.get(name.toLowerCase());
  return written === undefined ? [] : (readList(written, { type: "list", doc: "" }) as string[]);
}
