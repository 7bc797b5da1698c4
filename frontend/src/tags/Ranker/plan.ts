/** The columns a Ranker's configuration asks for, and the order sent when nobody moved anything. */
import { readFlag, readText } from "../../config/attributes";
import type { JsonObject } from "../../config/json";
import type { TagNode } from "../../config/tree";
import type { TagHost } from "../_contract/contract";
import { readEntries } from "../List/items";
import { type ColumnPlan, fillColumns, UNSORTED, writeColumns } from "./columns";

/** Buckets, and before them the list itself unless a bucket takes its entries; without buckets one column. */
export function columnsOf(node: TagNode, title: string): readonly ColumnPlan[] {
  const buckets = node.children.filter((child) => child.type === "Bucket");
  if (!buckets.length) return [{ key: node.name ?? UNSORTED, title, isDefault: true }];
  const plan = buckets.map((bucket) => ({
    key: bucket.name ?? "",
    title: readText(bucket, "title"),
    isDefault: readFlag(bucket, "default"),
  }));
  return plan.some((column) => column.isDefault)
    ? plan
    : [{ key: UNSORTED, title, isDefault: true }, ...plan];
}

/** The order as the data gives it. */
export function untouchedOrder(node: TagNode, host: TagHost): JsonObject | null {
  const list = node.toNames[0] ? host.tree.byName.get(node.toNames[0]) : undefined;
  if (!list) return null;
  const ids = readEntries(host.attribute(list, "value")).map((entry) => entry.id);
  return { ranker: writeColumns(fillColumns(columnsOf(node, ""), null, ids), null) };
}
