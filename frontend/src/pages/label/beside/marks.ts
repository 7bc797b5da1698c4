/**
 * Regions marked by more than their labels: by what became of them, or by whose they are. A mark travels in the
 * label's value, so that canvas, text and list show it with what they have.
 */
import { isRegionItem, placeOfRegion } from "../../../config/results";
import type { ConfigTree } from "../../../config/tree";
import { isRelation, type ResultItem } from "../../../store/result";

export interface Mark {
  /** Stands before the ids of regions, so that those of several versions do not meet. */
  readonly id: string;
  readonly color: string;
  /** How a label with the mark is called. */
  readonly title: (label: string) => string;
}

/** Between a label and its mark; in no label that people write. */
const APART = "\u001f";

/** A label with its mark. */
export const withMark = (label: string, mark: string): string => `${label}${APART}${mark}`;

/** A label and the id of its mark, "" where it has none. */
export function splitMark(label: string): readonly [label: string, mark: string] {
  const at = label.lastIndexOf(APART);
  return at < 0 ? [label, ""] : [label.slice(0, at), label.slice(at + 1)];
}

/** Ids of marked regions, and the ones they were. */
export const markedId = (id: string, mark: string): string => `${mark}${APART}${id}`;
export const ownId = (id: string): string => splitMark(id)[1] || id;

/** The items with all their regions marked; answers and what they say stay as they are. */
export function marked(tree: ConfigTree, items: readonly ResultItem[], mark: string): readonly ResultItem[] {
  const labelled = new Set<string>();
  const made = items.map((item) => {
    if (isRelation(item))
      return {
        ...item,
        from_id: markedId(item.from_id ?? "", mark),
        to_id: markedId(item.to_id ?? "", mark),
      };
    const parent = item.parentID === undefined ? {} : { parentID: markedId(item.parentID, mark) };
    const renamed = { ...item, ...parent, id: markedId(item.id ?? "", mark) };
    const labels = item.type?.endsWith("labels") ? item.value?.[item.type] : undefined;
    if (!Array.isArray(labels)) return renamed;
    labelled.add(renamed.id);
    const shown = labels.length ? labels.map((label) => withMark(String(label), mark)) : [withMark("", mark)];
    return { ...renamed, value: { ...item.value, [item.type ?? ""]: shown } };
  });
  return [...made, ...bare(tree, made, labelled, mark)];
}

/** A region without a label gets an item that carries the mark alone. */
function bare(
  tree: ConfigTree,
  items: readonly ResultItem[],
  labelled: Set<string>,
  mark: string,
): readonly ResultItem[] {
  return items.flatMap((item) => {
    if (item.id === undefined || labelled.has(item.id) || isRelation(item) || !isRegionItem(item, tree))
      return [];
    labelled.add(item.id);
    const value = { ...placeOfRegion(item.value), labels: [withMark("", mark)] };
    return [{ ...item, type: "labels", value }];
  });
}
