/** How result items are made: for a new region, and for an answer to a region, a page or the whole object. */
import type { JsonObject, JsonValue } from "../../config/json";
import { isLabeling, objectOf, placeOfRegion, resultType, valueKey } from "../../config/results";
import type { ConfigTree, TagNode } from "../../config/tree";
import { type ResultItem, withChanges } from "../../store/result";
import type { ValueTarget } from "../../tags/_contract/contract";

/** A control with the labels it gives; null for a control that gives none. */
export interface LabelChoice {
  readonly control: TagNode;
  readonly labels: readonly string[] | null;
}

interface RegionParts extends LabelChoice {
  readonly id: string;
  readonly object: string;
  readonly value: JsonObject;
  /** Top-level keys, such as the size of the picture. */
  readonly extra: JsonObject;
}

/** One control's item of a new region. */
export function regionItem({ control, labels, id, object, value, extra }: RegionParts): ResultItem {
  const type = resultType(control);
  return {
    ...extra,
    id,
    from_name: control.name ?? "",
    to_name: object,
    type,
    origin: "manual",
    value: labels === null ? value : { ...value, ...writtenLabels(control, labels) },
  };
}

/** Labels under the key of a control's results; those of a tree as the paths they stand for. */
export function writtenLabels(control: TagNode, labels: readonly string[]): JsonObject {
  const paths = isLabeling(control) ? labels.map((label) => JSON.parse(label) as JsonValue) : labels;
  return { [valueKey(resultType(control))]: paths };
}

interface AnswerParts {
  readonly tree: ConfigTree;
  readonly control: TagNode;
  readonly value: JsonObject;
  readonly target: ValueTarget;
  /** The first item of the region answered for. */
  readonly main: ResultItem | undefined;
  readonly newId: () => string;
}

/** An answer: for a region it repeats the region's place, its text and its picture's size. */
export function answerItem({ tree, control, value, target, main, newId }: AnswerParts): ResultItem {
  const type = resultType(control);
  const text = main?.value?.text;
  const object = type === "pairwise" ? control.name : (objectOf(control, tree)?.name ?? control.toNames[0]);
  return {
    id: target.region ?? newId(),
    from_name: control.name ?? "",
    to_name: main?.to_name ?? object ?? "",
    type,
    origin: "manual",
    ...(main ? sharedKeys(main) : {}),
    ...(target.item === undefined ? {} : { item_index: target.item }),
    // The text of a span is a text; that of a text area is a list, and an answer of its own.
    value: { ...placeOfRegion(main?.value), ...(typeof text === "string" ? { text } : {}), ...value },
  };
}

/** Top-level keys that every item of a region repeats. */
function sharedKeys(item: ResultItem): Partial<ResultItem> {
  const keys = [
    "original_width",
    "original_height",
    "image_rotation",
    "original_length",
    "item_index",
  ] as const;
  return withChanges({}, Object.fromEntries(keys.map((key) => [key, item[key]]))) as Partial<ResultItem>;
}

/** Keys of a change that an item has already, such as the text of a span. */
export function onlyOwn(item: ResultItem | undefined, value: JsonObject): JsonObject {
  const has = item?.type !== "textarea";
  return Object.fromEntries(Object.entries(value).filter(([key]) => has && item?.value && key in item.value));
}
