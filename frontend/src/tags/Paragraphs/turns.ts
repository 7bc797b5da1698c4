/** The turns of a dialogue as the data gives them, and where spans lie in them. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../config/json";
import { asText } from "../../config/variables";
import type { UnitSpan } from "../../text/spans";

export interface Turn {
  readonly author: string;
  readonly text: string;
}

/** Reads a list of turns; entries that are texts have no author. Throws when it is no list. */
export function readTurns(value: JsonValue, nameKey: string, textKey: string): readonly Turn[] {
  const list = typeof value === "string" && value.trim() ? (JSON.parse(value) as JsonValue) : value;
  if (!Array.isArray(list)) throw new Error("Paragraphs need a list of turns.");
  return (list as readonly JsonValue[]).map((entry) => {
    if (!isJsonObject(entry)) return { author: "", text: asText(entry) };
    return { author: asText(entry[nameKey]), text: asText(entry[textKey]) };
  });
}

/** A stored span (turn indices as texts, offsets inside their texts) in units of the joined text. */
export function toUnits(value: JsonObject, starts: readonly number[], end: number): UnitSpan | null {
  const from = Number(value.start);
  const to = Number(value.end);
  const at = (turn: number, offset: JsonValue | undefined) => {
    const start = starts[turn];
    const limit = starts[turn + 1] ?? end;
    return start === undefined ? null : Math.min(start + Number(offset ?? 0), limit);
  };
  const start = at(from, value.startOffset);
  const stop = at(to, value.endOffset);
  return start !== null && stop !== null && start < stop ? { start, end: stop } : null;
}

/** A span of the joined text in the form results carry. */
export function fromUnits(span: UnitSpan, starts: readonly number[]): JsonObject {
  const turnAt = (unit: number) => {
    let turn = 0;
    while (turn + 1 < starts.length && (starts[turn + 1] ?? 0) <= unit) turn++;
    return turn;
  };
  const first = turnAt(span.start);
  const last = turnAt(span.end - 1);
  return {
    start: String(first),
    end: String(last),
    startOffset: span.start - (starts[first] ?? 0),
    endOffset: span.end - (starts[last] ?? 0),
  };
}
