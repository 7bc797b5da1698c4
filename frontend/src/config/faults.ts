/** What can be wrong with a configuration, and how it is said. */
import type { Place } from "./tree";

export type FaultCode =
  | "not_text"
  | "not_xml"
  | "dtd_not_allowed"
  | "too_deep"
  | "missing_attribute"
  | "conflicting_attributes"
  | "missing_items"
  | "duplicate_name"
  | "unknown_to_name"
  | "bad_video_speed"
  | "unknown_tag"
  | "unknown_attribute"
  | "bad_value"
  | "bad_object"
  | "wrong_parent"
  | "no_object";

/** A fault as a sentence of the config editor's catalogue, with what stands in its holes. */
export type Said = readonly [
  key:
    | "fault.empty"
    | "fault.nullCharacter"
    | "fault.documentType"
    | "fault.attributeTwice"
    | "fault.ampersand"
    | "fault.notXml"
    | "fault.brokenXml"
    | "fault.tooDeep"
    | "fault.missingAttribute"
    | "fault.missingItems"
    | "fault.valueAndList"
    | "fault.duplicateName"
    | "fault.unknownTarget"
    | "fault.speedRange"
    | "fault.speedOrder"
    | "fault.unknownTag"
    | "fault.unknownAttribute"
    | "fault.notNumber"
    | "fault.notBoolean"
    | "fault.notOneOf"
    | "fault.wrongParent"
    | "fault.noObject"
    | "fault.badObject",
  values?: Readonly<Record<string, string | number>>,
];

export interface Fault {
  readonly code: FaultCode;
  /** Errors refuse the configuration; warnings are shown to whoever writes it. */
  readonly severity: "error" | "warning";
  /** In English, as the server says it. */
  readonly message: string;
  readonly said: Said;
  readonly place: Place | null;
  /** What was probably meant, when something near exists. */
  readonly suggestion?: string;
}

/** Raised when a text is no configuration at all; holds every fault found. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => fault.message).join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** Writes a place as the server does: "line:column", or "" when unknown. */
export function formatPlace(place: Place | null): string {
  return place ? `${place.line}:${place.column}` : "";
}

/** The nearest of some words (at most two edits, or a third of the length), or undefined. */
export function nearest(word: string, among: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of among) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
