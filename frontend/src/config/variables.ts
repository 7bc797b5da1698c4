/**
 * `$variables`: values that a configuration takes from a task's data.
 *
 * A variable that is the whole attribute keeps its JSON type; inside other text it is put in as text. A
 * name that is itself a key of the data (with its dots) comes before a path through nested values.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "./json";

const NAME = String.raw`\$([\p{L}\p{N}_](?:[\p{L}\p{N}_.[\]{}]*[\p{L}\p{N}_\]}])?)`;
const whole = new RegExp(`^${NAME}$`, "u");
const inside = new RegExp(NAME, "gu");

/** The name when the text is one variable and nothing else, else null. */
export function variableName(text: string): string | null {
  return whole.exec(text.trim())?.[1] ?? null;
}

/** All names of variables in a text, in order. */
export function variableNames(text: string): string[] {
  return Array.from(text.matchAll(inside), (match) => match[1] ?? "");
}

/** The value at a path such as `a.b`, `pages[0].url` or a literal key; undefined when there is none. */
export function lookUp(data: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(data, path)) return data[path];
  let value: JsonValue | undefined = data;
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) {
    if (Array.isArray(value)) value = (value as readonly JsonValue[])[Number(step)];
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** Fills in a text's variables. A missing value is an empty text. */
export function resolveText(text: string, data: JsonObject): JsonValue {
  const name = variableName(text);
  if (name !== null) return lookUp(data, name) ?? "";
  return text.replace(inside, (_, path: string) => asText(lookUp(data, path)));
}

/** A value as text: text itself, "" for nothing, JSON for lists and objects. */
export function asText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
