/**
 * The tag tree: a labeling configuration after reading, before any data.
 *
 * Nothing is dropped: each node keeps its raw element, unknown tags stay in place with `schema: null`,
 * and attributes are kept as written under their lower-case name. Typed reading is in `attributes.ts`,
 * filling in of `$variables` in `variables.ts`.
 */
import type { TagSchema } from "./schema";

/** Where something stands in the configuration's text; lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TagNode {
  /** Position in document order, from 0; unique in its tree. */
  readonly index: number;
  /** The tag as written. */
  readonly tag: string;
  /** The documented spelling when the tag is known, else the tag as written. */
  readonly type: string;
  readonly schema: TagSchema | null;
  /** The `name` attribute, or null. */
  readonly name: string | null;
  /** The `toName` attribute split at commas; empty when absent. */
  readonly toNames: readonly string[];
  /** Lower-case attribute name to the text as written. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The tag's own text or markup, trimmed; "" when it has none or its schema ignores it. */
  readonly content: string;
  readonly children: readonly TagNode[];
  readonly parent: TagNode | null;
  readonly place: Place | null;
  readonly raw: Element;
}

export interface ConfigTree {
  readonly root: TagNode;
  /** All nodes in document order: `nodes[n].index === n`. */
  readonly nodes: readonly TagNode[];
  /** Named nodes; the first holder of a name wins. */
  readonly byName: ReadonlyMap<string, TagNode>;
  /** The text the tree was read from. */
  readonly source: string;
}

/** Yields the nodes from a node's parent up to the root. */
export function* ancestors(node: TagNode): Generator<TagNode> {
  for (let up = node.parent; up; up = up.parent) yield up;
}

/** Yields the nodes below a node in document order, the node itself left out. */
export function* descendants(node: TagNode): Generator<TagNode> {
  for (const child of node.children) {
    yield child;
    yield* descendants(child);
  }
}

/** Objects of a tree: the named nodes that show data. */
export function objectsOf(tree: ConfigTree): readonly TagNode[] {
  return tree.nodes.filter((node) => node.schema?.role === "object" && node.name !== null);
}

/** Controls of a tree: the nodes that write results. */
export function controlsOf(tree: ConfigTree): readonly TagNode[] {
  return tree.nodes.filter((node) => node.schema?.role === "control" && node.name !== null);
}
