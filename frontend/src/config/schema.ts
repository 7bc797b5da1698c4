/**
 * The schema of a tag: what a labeling configuration may say about it.
 *
 * `config` reads schemas through a `TagCatalog` and knows no tag by name of its own; the tags' folders
 * fill the catalog (`tags/_contract/registry.ts`). Schemas feed the parser's defaults, the checks, the
 * config editor's completion and the documentation tables.
 */
import type { JsonValue } from "./json";

/**
 * `object` shows data, `control` writes results, `visual` only arranges or explains, and `part` means
 * something inside another tag only (Label, Choice, Bucket, Channel …).
 */
export type TagRole = "object" | "control" | "visual" | "part";

/**
 * How an attribute's text is read. `text` stays text even when it says "true"; `value` takes a
 * `$variable` and then keeps the JSON type of the data; `list` is separated by commas; `enum` is one of
 * `values`, compared without regard to case; `enums` a comma list of them.
 */
export type AttributeType =
  | "text"
  | "value"
  | "number"
  | "boolean"
  | "enum"
  | "enums"
  | "list"
  | "color"
  | "css"
  | "hotkey"
  | "name"
  | "names";

export interface AttributeSchema {
  readonly type: AttributeType;
  /** What holds when the attribute is not written; absent means "nothing". */
  readonly default?: JsonValue;
  readonly values?: readonly string[];
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** One sentence for the editor's completion and the documentation. */
  readonly doc: string;
}

export type AttributeSchemas = Readonly<Record<string, AttributeSchema>>;

/** What a tag's own text means: its `value`, its whole inner markup as `value`, or nothing. */
export type TagContent = "text" | "markup" | "none";

export interface TagSchema {
  /** The documented spelling; lookup ignores case. */
  readonly name: string;
  /** Older spellings that mean the same tag. */
  readonly otherNames?: readonly string[];
  readonly role: TagRole;
  /** Tags it must stand in (at any depth); absent means anywhere. */
  readonly parents?: readonly string[];
  readonly attrs: AttributeSchemas;
  readonly content?: TagContent;
  /** Result types its items carry, most usual first; empty for tags that write none. */
  readonly resultTypes: readonly string[];
  /** Names of the object tags a control can work on; absent means any object. */
  readonly objects?: readonly string[];
  /** True when the control makes regions (spans, shapes, segments) rather than classifying. */
  readonly makesRegions?: boolean;
  /** True when its results take their labels from child `Label`s (all `…Labels`). */
  readonly hasLabels?: boolean;
  readonly doc: string;
}

/** Finds a tag's schema by any spelling. */
export interface TagCatalog {
  get(name: string): TagSchema | undefined;
  all(): readonly TagSchema[];
}
