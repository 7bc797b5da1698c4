/** Codecs for controls whose item is one value under one key, such as a rating or a list of choices. */
import type { JsonObject, JsonValue } from "../../config/json";
import { objectOf } from "../../config/results";
import { type ResultItem, sameJson } from "../../store/result";
import { type Codec, type CodecContext, defineCodec } from "./contract";

export interface ValueRule<T extends JsonValue> {
  readonly type: string;
  /** The key in `value`. */
  readonly key: string;
  /** Reads what is stored; null for what cannot be read. */
  readonly read: (stored: JsonValue) => T | null;
}

/** A codec for one key. What reads the same as before is written as it was, so nothing is reshaped. */
export function valueCodec<T extends JsonValue>(rule: ValueRule<T>): Codec<unknown> {
  return defineCodec<T>({
    decode(raw) {
      const stored = raw.value?.[rule.key];
      return stored === undefined || stored === null ? null : rule.read(stored);
    },
    encode(value, raw, context) {
      const stored = raw?.value?.[rule.key];
      if (raw && stored !== undefined && stored !== null && sameJson(rule.read(stored), value)) return raw;
      if (raw) return { ...raw, value: { ...(raw.value ?? {}), [rule.key]: value } };
      return newItem(rule, value, context);
    },
  });
}

function newItem<T extends JsonValue>(rule: ValueRule<T>, value: T, context: CodecContext): ResultItem {
  const object = context.object ?? objectOf(context.control, context.tree);
  const written: JsonObject = { [rule.key]: value };
  return {
    from_name: context.control.name ?? "",
    to_name: object?.name ?? "",
    type: rule.type,
    value: written,
  };
}

/** Reads a list of texts; a single text is a list of one. */
export function readTexts(stored: JsonValue): readonly string[] | null {
  if (typeof stored === "string") return [stored];
  if (!Array.isArray(stored)) return null;
  const list = stored as readonly JsonValue[];
  return list.every((one) => typeof one === "string") ? (list as readonly string[]) : null;
}

/** Reads a list of paths; a text is a path of one. */
export function readPaths(stored: JsonValue): readonly (readonly string[])[] | null {
  if (typeof stored === "string") return [[stored]];
  if (!Array.isArray(stored)) return null;
  const paths = (stored as readonly JsonValue[]).map(readTexts);
  return paths.every((path) => path !== null) ? (paths as readonly (readonly string[])[]) : null;
}

export function readNumber(stored: JsonValue): number | null {
  return typeof stored === "number" && Number.isFinite(stored) ? stored : null;
}

export function readText(stored: JsonValue): string | null {
  return typeof stored === "string" ? stored : null;
}
