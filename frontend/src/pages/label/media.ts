/** What a task's data names and its tags will show, fetched before they ask: the browser's cache has it then. */
import type { JsonObject } from "../../config/json";
import type { ConfigTree } from "../../config/tree";
import type { MediaAddress } from "../../tags/_contract/contract";
import { registry } from "../../tags/_contract/registry";

/** What the tags of a configuration show first of a task. */
export const mediaOf = (tree: ConfigTree, data: JsonObject): readonly MediaAddress[] =>
  tree.nodes.flatMap((node) => registry.get(node.type)?.media?.(node, data) ?? []);

/** Begins to fetch; whoever shows it tells of failures. */
export function fetchMedia({ url, crossOrigin }: MediaAddress, priority: "auto" | "low" = "auto"): void {
  const image = new Image();
  image.fetchPriority = priority;
  if (crossOrigin !== "none") image.crossOrigin = crossOrigin;
  image.src = url;
}
