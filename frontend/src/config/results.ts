/**
 * What the configuration says about stored items: which are regions, what their labels are, and how an item
 * of a control is made.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "./json";
import type { ConfigTree, TagNode } from "./tree";

/** The parts of a stored item that a configuration can judge. */
interface Item {
  readonly type?: string;
  readonly from_name?: string;
  readonly to_name?: string;
  readonly value?: JsonObject;
}

/** Keys of a value that place a region; the rest belongs to one control. */
const placing: ReadonlySet<string> = new Set(
  (
    "x y width height rotation radiusX radiusY points closed vertices format rle imageDataURL start end startOffset " +
    "endOffset globalOffsets channel instant ranges sequence framesCount duration pageIndex ocrtext"
  ).split(" "),
);

/** The result type a control writes: its schema's first, else its tag in lower case. */
export function resultType(control: TagNode): string {
  return control.schema?.resultTypes[0] ?? control.tag.toLowerCase();
}

const valueKeys: Readonly<Record<string, string>> = {
  textarea: "text",
  pairwise: "selected",
  videorectangle: "labels",
};

/** The key under which a type keeps its own value: its name, with three exceptions. */
export function valueKey(type: string): string {
  return valueKeys[type] ?? type;
}

/** Whether a control makes regions: by its tag, or as a tree whose places label spans. */
export function makesRegions(control: TagNode | undefined): boolean {
  return control?.schema?.makesRegions || isLabeling(control);
}

/** Whether a tree is a list of labels for spans. Its labels are known by the JSON text of their paths. */
export function isLabeling(control: TagNode | undefined): boolean {
  return control?.attributes.get("labeling") === "true";
}

/** The object a control speaks of when it is not told: its first target, or the only object there is. */
export function objectOf(control: TagNode, tree: ConfigTree): TagNode | null {
  for (const name of control.toNames) {
    const node = tree.byName.get(name);
    if (node && node.schema?.role !== "control") return node;
  }
  if (control.toNames.length) return null;
  const objects = tree.nodes.filter((node) => node.schema?.role === "object" && node.name !== null);
  return objects.length === 1 ? (objects[0] ?? null) : null;
}

/** Labels of an item: the list under its type, or under `labels`. */
export function labelsOf(item: Item): readonly string[] {
  const type = item.type ?? "";
  const listed = item.value?.[type] ?? (type.endsWith("labels") ? undefined : item.value?.labels);
  if (!type.endsWith("labels") && type !== "videorectangle" && type !== "taxonomy") return [];
  if (!Array.isArray(listed)) return [];
  return (listed as readonly JsonValue[]).flatMap((label) => {
    if (typeof label === "string") return [label];
    return Array.isArray(label) && typeof label.at(-1) === "string" ? [label.at(-1) as string] : [];
  });
}

/** Whether an item places something on its object: by its control, or by its value when that is unknown. */
export function isRegionItem(item: Item, tree: ConfigTree): boolean {
  const control = item.from_name === undefined ? undefined : tree.byName.get(item.from_name);
  if (makesRegions(control)) return true;
  return isJsonObject(item.value) && Object.keys(item.value).some((key) => placing.has(key));
}

/** The part of a value that places a region, to be repeated in every item of that region. */
export function placeOfRegion(value: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => placing.has(key)));
}
