/**
 * Repeaters: part of a tree cloned for each element of a list in the data, `{{idx}}` in attributes replaced by
 * 0, 1, … . Results use the replaced names. A tree without Repeaters comes back as it is.
 */
import { readAttribute, readText } from "./attributes";
import type { JsonObject } from "./json";
import type { ConfigTree, TagNode } from "./tree";
import { indexNames } from "./xml";

type Growing = { -readonly [Key in keyof TagNode]: TagNode[Key] } & { children: TagNode[] };
type Replacement = readonly [flag: string, index: number];

/** The tree for one task: Repeaters hold one View per element. */
export function expandRepeaters(tree: ConfigTree, data: JsonObject): ConfigTree {
  if (!tree.nodes.some((node) => node.type === "Repeater")) return tree;
  const nodes: TagNode[] = [];
  const clone = (node: TagNode, parent: TagNode | null, flags: readonly Replacement[]): TagNode => {
    const copy = copyNode(node, parent, flags, nodes.length);
    nodes.push(copy);
    const listed = node.type === "Repeater" ? readAttribute(copy, "on", data) : null;
    const rounds = Array.isArray(listed) ? listed.length : node.type === "Repeater" ? 0 : null;
    const flag = readText(node, "indexFlag") || "{{idx}}";
    if (rounds === null) copy.children.push(...node.children.map((child) => clone(child, copy, flags)));
    else
      for (let round = 0; round < rounds; round++)
        copy.children.push(...node.children.map((child) => clone(child, copy, [...flags, [flag, round]])));
    return copy;
  };
  const root = clone(tree.root, null, []);
  return { root, nodes, byName: indexNames(nodes), source: tree.source };
}

function copyNode(
  node: TagNode,
  parent: TagNode | null,
  flags: readonly Replacement[],
  index: number,
): Growing {
  const fill = (text: string) =>
    flags.reduce((filled, [flag, round]) => filled.replace(flag, String(round)), text);
  const attributes = new Map(Array.from(node.attributes, ([name, value]) => [name, fill(value)]));
  return {
    ...node,
    index,
    parent,
    attributes,
    name: attributes.get("name") || null,
    toNames: node.toNames.map(fill),
    content: fill(node.content),
    children: [],
  };
}
