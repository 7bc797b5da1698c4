/**
 * What a tag is: one folder whose `index.ts` says its schema and how to load the rest.
 *
 * `index.ts` holds the schema only (about half a kilobyte); `load()` brings view, codec and tool, so a
 * configuration downloads what its tags need and no more. Nothing here imports a view library: a view
 * is any function of its props, and the accessors of `TagHost` are tracked when read in a view.
 */
import type { ImageEditor } from "../../canvas/editor";
import type { JsonObject, JsonValue } from "../../config/json";
import type { AttributeSchemas, TagSchema } from "../../config/schema";
import type { ConfigTree, TagNode } from "../../config/tree";
import type { Annotation } from "../../store/annotation";
import type { ResultItem } from "../../store/result";
import type { UnitSpan } from "../../text/spans";
import type { SpanView } from "../../text/spanView";

export type { ResultItem } from "../../store/result";

/** Engines a tag leans on; the labeling screen starts those its configuration needs. */
export type Engine = "canvas" | "text" | "audio" | "video" | "timeseries" | "pdf";

export interface CodecContext {
  readonly tree: ConfigTree;
  /** The control the item belongs to, and the object it speaks of. */
  readonly control: TagNode;
  readonly object: TagNode | null;
  /** Natural size in pixels of an image, when known: percent is the stored truth, pixels are derived. */
  readonly imageSize?: { readonly width: number; readonly height: number };
  /** The shown text of a text object, when known. */
  readonly text?: string;
}

/**
 * Turns a stored item into what the tag works with and back.
 *
 * Laws, tested for every fixture: `encode(decode(raw), raw)` equals `raw` key for key; a change of one
 * part changes only the keys of that part; keys the tag does not know survive. `decode` gives null for
 * items it cannot read: those are shown as unsupported, and kept.
 */
export interface Codec<Region> {
  decode(raw: ResultItem, context: CodecContext): Region | null;
  encode(region: Region, raw: ResultItem | null, context: CodecContext): ResultItem;
}

/** Narrows what `TagHost.results` gives. Fields left out match everything. */
export interface ResultQuery {
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
  readonly item?: number;
  readonly type?: string;
}

/** A region as tags see it: the items that share an id, with the object they lie on. */
export interface HostRegion {
  readonly id: string;
  readonly object: string;
  readonly items: readonly ResultItem[];
  readonly labels: readonly string[];
  readonly hidden: boolean;
  readonly locked: boolean;
}

export interface ValueTarget {
  /** The region a per-region value belongs to; absent for values of the whole object. */
  readonly region?: string;
  /** The page a per-item value belongs to. */
  readonly item?: number;
}

/** An object as it stands on the screen, with its regions: who draws over it asks it where they are. */
export interface Surface {
  /** Name of the object. */
  readonly object: string;
  /** What holds it; over it one draws. */
  readonly element: HTMLElement;
  readonly picture?: ImageEditor;
  readonly text?: {
    readonly view: SpanView;
    /** Where a region lies in the text; null when it is hidden or cannot be found. */
    readonly spanOf: (region: HostRegion) => UnitSpan | null;
  };
}

/**
 * What the labeling screen offers to views and tools. Accessors (functions that only read) are tracked
 * when called inside a view, so a view redraws by itself. Everything that writes goes into the undo
 * history as one step.
 */
export interface TagHost {
  readonly tree: ConfigTree;
  readonly taskId: number;
  readonly data: JsonObject;
  /** The open annotation. Edits outside the words below go through `annotation.edit`. */
  readonly annotation: Annotation;
  readonly readOnly: boolean;

  /** An attribute with variables filled in and read by its schema (default when not written). */
  attribute(node: TagNode, name: string): JsonValue;
  /** Whether the node is shown now, by its own rules and its parents'. */
  visible(node: TagNode): boolean;

  results(query: ResultQuery): readonly ResultItem[];
  regions(object?: string): readonly HostRegion[];
  region(id: string): HostRegion | undefined;
  selection(): readonly string[];
  select(ids: readonly string[], how?: "replace" | "add" | "toggle"): void;
  hovered(): string | null;
  hover(id: string | null): void;

  /** The page of the object that is shown, from 0; tracked. */
  readonly page: () => number;

  /** Writes a control's value: `null` removes the item. The codec's rules keep unknown keys. */
  setValue(control: TagNode, value: JsonObject | null, target?: ValueTarget): void;
  /** Where the control's value goes now: a selected region, a page, or the whole object; null = nowhere. */
  valueTarget(control: TagNode): ValueTarget | null;
  /** Adds a region made by a control and gives its id; labels chosen for it come from `activeLabels`. */
  addRegion(control: TagNode, value: JsonObject, extra?: JsonObject): string;
  /** Replaces the geometry (or span) keys of all items of a region. */
  updateRegion(id: string, value: JsonObject): void;
  setLabels(id: string, control: TagNode, labels: readonly string[]): void;
  removeRegions(ids: readonly string[]): void;

  /** Labels picked in a `…Labels` control, waiting for the next region; without those that are used up. */
  activeLabels(control: TagNode): readonly string[];
  /** Whether as many regions have a label of the control as `maxUsages` allows. */
  isUsedUp(control: TagNode, label: string): boolean;
  pickLabel(control: TagNode, label: string): void;
  /**
   * Asks a view first when a label is picked: it may make a region of what it holds selected (a marked
   * piece of text). True means it did. Gives the way to take the handler back.
   */
  onPick(object: string, take: (control: TagNode) => boolean): () => void;
  /** The colour of a label of any control that labels this object. */
  labelColor(label: string, object?: string): string;
  /** Looks of labels beside those the configuration offers, where the screen marks regions by more than labels. */
  moreLooks?(object: string): readonly {
    readonly control: string;
    readonly value: string;
    readonly title: string;
    readonly color: string;
  }[];
  /** What is shown for a stored label: its value where an alias is stored. */
  labelTitle(label: string, object?: string): string;
  /** The key that picks an item (label, choice) of a control, or null. */
  itemKey(control: TagNode, stored: string): string | null;
  /** The control that makes regions on this object now: the one with a picked label, else the first. */
  activeControl(object: string): TagNode | null;

  /** The objects on the screen. */
  surfaces(): readonly Surface[];
  /** Adds an object that came on the screen; gives the way to take it away. */
  join(surface: Surface): () => void;

  /**
   * Runs before results are sent: a field takes what is still being written, or says why it cannot, and nothing is
   * sent. Gives the way to stop.
   */
  onSubmit(finish: () => string | undefined): () => void;

  /** Says something politely to screen readers. */
  announce(message: string): void;
  /**
   * Registers a single key (scope "tag") and gives the way to take it back. An action with an `id` is one that
   * every task has; its key may be another, chosen by the person. Written as configurations write keys.
   */
  onKey(keys: string, action: () => void, title: string, id?: string): () => void;
  /** What people read as the key of such an action, "" when it has none; tracked. */
  keyName(id: string, standard: string): string;
}

export interface TagViewProps {
  readonly node: TagNode;
  readonly host: TagHost;
  /** Draws the children of this node; only tags that lay out children call it. */
  readonly children?: unknown;
}

/** A view component; Solid's `Component<TagViewProps>` fits it. */
export type TagView = (props: TagViewProps) => unknown;

/** A drawing tool of a control, listed in the toolbar. `create` gives the tool's state machine. */
export interface ToolDefinition {
  readonly id: string;
  readonly title: string;
  readonly key: string;
  readonly icon?: string;
  create(context: ToolContext): unknown;
}

export interface ToolContext {
  readonly host: TagHost;
  readonly control: TagNode;
  readonly object: TagNode;
  /** What the object's engine offers to tools (the canvas, for images). */
  readonly engine: unknown;
}

export interface TagModule {
  /** The value to send when nobody answered (a default, an order left as it was); null for none. */
  readonly valueOnSubmit?: (node: TagNode, host: TagHost) => JsonObject | null;
  readonly view?: TagView;
  readonly codec?: Codec<unknown>;
  readonly tools?: readonly ToolDefinition[];
}

/** A picture as its tag asks for it; asked for in another way, the browser's cache does not know it. */
export interface MediaAddress {
  readonly url: string;
  readonly crossOrigin: string;
}

export interface TagDefinition extends TagSchema {
  readonly uses: readonly Engine[];
  /** An example value per task, for the preview and the contract suite. */
  readonly sample?: (attributes: ReadonlyMap<string, string>) => JsonValue;
  /** What of a task's data the view shows first, so that it can be fetched before the view is here. */
  readonly media?: (node: TagNode, data: JsonObject) => readonly MediaAddress[];
  load(): Promise<TagModule>;
}

type Sized<T> = T & { readonly attrs: AttributeSchemas };

/** Declares a tag; gives the definition back unchanged, checked by its type. */
export function defineTag(definition: Sized<TagDefinition>): TagDefinition {
  return definition;
}

/** Declares a codec with its region type, erased for the registry. */
export function defineCodec<Region>(codec: Codec<Region>): Codec<unknown> {
  return codec as Codec<unknown>;
}
