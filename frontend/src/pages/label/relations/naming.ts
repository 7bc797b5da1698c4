/** Relations in words, for lists and screen readers: from where to where, and what they are called. */
import { readText } from "../../../config/attributes";
import { type ConfigItem, itemsOf } from "../../../config/items";
import type { ResultItem } from "../../../store/result";
import { describeItem } from "../describe";
import type { LabelHost } from "../host";
import { titleOf } from "../RegionsPanel";
import { directionOf } from "./direction";
import { say } from "./words";

const LONGEST = 40;

/** The region at an end of a relation: its label, and in a few words what it holds. */
export function endParts(host: LabelHost, id: string | undefined): readonly [label: string, text: string] {
  const region = id === undefined ? undefined : host.region(id);
  return region
    ? [titleOf(host, region), describeItem(region).slice(0, LONGEST)]
    : [say("missingRegion"), ""];
}

const endName = (host: LabelHost, id: string | undefined): string => endParts(host, id).join(" ").trim();

const sentences = { right: "fromTo", left: "toFrom", bi: "bothWays" } as const;

/** A relation as a sentence, its labels after it. */
export function inWords(host: LabelHost, item: ResultItem): string {
  const ends = { from: endName(host, item.from_id), to: endName(host, item.to_id) };
  return [say(sentences[directionOf(item)], ends), ...titlesOf(host, item)].join(", ");
}

/** What the configuration offers as labels of relations, and whether one has only one of them. */
export function offeredLabels(host: LabelHost): {
  readonly items: readonly ConfigItem[];
  readonly single: boolean;
} {
  const tag = host.tree.nodes.find((node) => node.type === "Relations");
  if (!tag) return { items: [], single: false };
  return { items: itemsOf(tag, host.data), single: readText(tag, "choice") === "single" };
}

/** The labels of a relation as they are shown. */
export function titlesOf(host: LabelHost, item: ResultItem): readonly string[] {
  const { items } = offeredLabels(host);
  const labels: unknown = item.labels;
  if (!Array.isArray(labels)) return [];
  return labels.map((label) => items.find(({ stored }) => stored === label)?.value ?? String(label));
}
