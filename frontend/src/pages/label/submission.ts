/** What is sent, and what is missing before it may be: the configuration's rules applied to the results. */
import { readAttribute, readFlag, readWords } from "../../config/attributes";
import { type ConfigItem, itemsOf } from "../../config/items";
import type { JsonObject } from "../../config/json";
import { type Answers, type Missing, missingAnswers } from "../../config/required";
import { labelsOf, objectOf, resultType, valueKey } from "../../config/results";
import { controlsOf, type TagNode } from "../../config/tree";
import { isRuledOut } from "../../config/visibility";
import type { ResultItem } from "../../store/result";
import { describe, type LabelHost } from "./host";
import type { Modules } from "./modules";
import { say } from "./words";

/** Required answers that are missing. */
export function findMissing(host: LabelHost): readonly Missing[] {
  const results = host.annotation.document.results();
  const answers: Answers = {
    has: (control, at) =>
      results.some(
        (item) =>
          item.from_name === control.name &&
          (at.region === undefined || item.id === at.region) &&
          (at.item === undefined || (item.item_index ?? 0) === at.item) &&
          hasValue(item),
      ),
    regions: host.regions().map(describe),
    pages: (object) => {
      const node = host.tree.byName.get(object);
      const list = node && readAttribute(node, "valueList", host.data);
      return Array.isArray(list) ? list.length : 1;
    },
    state: host.visibility([]),
  };
  return missingAnswers(host.tree, answers, host.data).map((one) => ({
    ...one,
    message: one.message || usualMessage(one.control),
  }));
}

function usualMessage({ name, type, schema }: TagNode): string {
  return say(schema?.makesRegions ? "needsRegion" : "needsAnswer", { name: name ?? type });
}

function hasValue(item: ResultItem): boolean {
  const value = item.value?.[valueKey(item.type ?? "")];
  return Array.isArray(value)
    ? value.length > 0 || labelsOf(item).length > 0
    : value !== undefined || !!item.value;
}

/**
 * Results as they are sent: classifications ruled out by choices elsewhere are left out, and answers to a region that
 * is not asked about for its label any more; everything else, known or not, goes as it is.
 */
export function resultsToSend(host: LabelHost, results: readonly ResultItem[]): readonly ResultItem[] {
  const state = host.visibility([]);
  const out = new Set(
    controlsOf(host.tree)
      .filter((control) => !control.schema?.makesRegions && isRuledOut(control, state))
      .map((control) => control.name ?? ""),
  );
  const sent = results.filter((item) => !out.has(item.from_name ?? "") && !isUnasked(host, item));
  return sent.length === results.length ? results : sent;
}

function isUnasked(host: LabelHost, { id, from_name }: ResultItem): boolean {
  const control = host.tree.byName.get(from_name ?? "");
  if (!control || !readFlag(control, "perRegion")) return false;
  const asked = readWords(control, "whenLabelValue");
  const labels = asked.length ? host.region(id ?? "")?.labels : undefined;
  return labels !== undefined && !asked.some((label) => labels.includes(label));
}

/** Writes what a new annotation starts with: choices and labels that are `selected`. */
export function applyDefaults(host: LabelHost): void {
  const changes = controlsOf(host.tree).flatMap((control) => {
    const isAsked = control.schema?.hasLabels || control.type === "Choices";
    if (!isAsked || readFlag(control, "perRegion") || readFlag(control, "perItem")) return [];
    const paths = selectedPaths(itemsOf(control, host.data));
    return paths.length ? [{ control, paths }] : [];
  });
  for (const { control, paths } of changes) {
    const stored = paths.map((path) => path.at(-1) ?? "");
    if (control.schema?.hasLabels) for (const label of stored) host.pickLabel(control, label);
    else addDefault(host, control, { choices: readFlag(control, "allowNested") ? paths : stored });
  }
}

function selectedPaths(items: readonly ConfigItem[], above: readonly string[] = []): readonly string[][] {
  return items.flatMap((item) => {
    const path = [...above, item.stored];
    return [...(item.selected ? [path] : []), ...selectedPaths(item.children, path)];
  });
}

/** What nobody answered but has a value all the same is taken on submit. */
export function applySubmitDefaults(host: LabelHost, modules: Modules): void {
  for (const control of controlsOf(host.tree)) {
    const isPlain = !readFlag(control, "perRegion") && !readFlag(control, "perItem");
    const usual = isPlain && host.visible(control) ? modules.get(control.type)?.valueOnSubmit : undefined;
    const value = usual?.(control, host) ?? null;
    if (value) addDefault(host, control, value);
  }
}

function addDefault(host: LabelHost, control: TagNode, value: JsonObject): void {
  const { document } = host.annotation;
  if (document.results().some((item) => item.from_name === control.name)) return;
  const item: ResultItem = {
    id: host.annotation.newId(),
    from_name: control.name ?? "",
    to_name: objectOf(control, host.tree)?.name ?? control.toNames[0] ?? "",
    type: resultType(control),
    origin: "manual",
    value,
  };
  host.annotation.edit("defaults", (edit) => edit.add(item));
  document.flush();
}
