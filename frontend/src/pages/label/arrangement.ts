/** How a configuration's tags are arranged on the screen: what takes the height that is left, what shares a row. */
import type { TagNode } from "../../config/tree";

/**
 * Whether a tag holds an image that may take the height the other tags leave. A View that brings styles of its
 * own, or an image with a height of its own, keeps what its author wanted.
 */
export function takesRest(node: TagNode): boolean {
  if (node.type === "Image") return !node.attributes.has("height") && !node.attributes.has("maxheight");
  if (node.type !== "View") return false;
  const isStyled = ["style", "classname", "idattr"].some((name) => node.attributes.get(name));
  return !isStyled && node.children.some(takesRest);
}

/** Children in order; bars of labels that follow each other come together, so that they share a row. */
export function rowsOf(children: readonly TagNode[]): readonly (readonly TagNode[])[] {
  const rows: TagNode[][] = [];
  for (const child of children) {
    const last = rows.at(-1);
    if (last?.[0] && isLabelBar(child) && isLabelBar(last[0])) last.push(child);
    else rows.push([child]);
  }
  return rows;
}

const isLabelBar = (node: TagNode): boolean => node.schema !== null && /Labels$/.test(node.type);
