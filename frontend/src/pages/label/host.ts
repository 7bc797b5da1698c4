/**
 * What tags get from the labeling screen: `TagHost` over the open annotation.
 *
 * The store tells of changes once per frame; here they become signals. Regions are kept and replaced one by
 * one, so that a row whose region did not change is not drawn again.
 */
import { batch, createSignal, onCleanup } from "solid-js";
import { keyCaps } from "../../app/hotkeys";
import { keysOf } from "../../app/keymap";
import { readAttribute, readFlag, readText } from "../../config/attributes";
import { findItem, flattenItems, itemsOf } from "../../config/items";
import type { JsonObject, JsonValue } from "../../config/json";
import {
  isLabeling,
  isRegionItem,
  labelsOf,
  makesRegions,
  objectOf,
  placeOfRegion,
  resultType,
  valueKey,
} from "../../config/results";
import { type ConfigTree, controlsOf, type TagNode } from "../../config/tree";
import { isVisible, type SelectedRegion, type VisibilityState } from "../../config/visibility";
import type { Annotation } from "../../store/annotation";
import type { ResultItem } from "../../store/result";
import type { HostRegion, ResultQuery, Surface, TagHost, ValueTarget } from "../../tags/_contract/contract";
import { answerItem, type LabelChoice, onlyOwn, regionItem, writtenLabels } from "./itemsMade";
import { tinyKey } from "./keys";
import { LabelLooks } from "./looks";
import { LabelPicks, toggled } from "./picks";
import { say } from "./words";

export interface HostOptions {
  readonly tree: ConfigTree;
  readonly taskId: number;
  readonly data: JsonObject;
  readonly annotation: Annotation;
  readonly readOnly: boolean;
  readonly announce: (message: string) => void;
  readonly addKey: TagHost["onKey"];
}

const choosing: ReadonlySet<string> = new Set(["Choices", "Taxonomy"]);

export class LabelHost implements TagHost {
  readonly tree: ConfigTree;
  readonly taskId: number;
  readonly data: JsonObject;
  readonly annotation: Annotation;
  readonly readOnly: boolean;
  readonly announce: (message: string) => void;
  readonly onKey: TagHost["onKey"];
  /** How many unresolved comments there are on which region. */
  readonly remarks = createSignal<ReadonlyMap<string, number>>(new Map());
  readonly #known = new Map<string, HostRegion>();
  readonly #hidden = new Set<string>();
  readonly #locked = new Set<string>();
  readonly #finishers = new Set<() => string | undefined>();
  readonly #relating = createSignal<string | null>(null);
  readonly #surfaces = createSignal<readonly Surface[]>([]);
  readonly #looks: LabelLooks;
  readonly #picks: LabelPicks;
  readonly #epoch = createSignal(0);
  readonly #view = createSignal(0);
  readonly #chosenSignal = createSignal(0);
  readonly #page = createSignal(0);
  readonly page = this.#page[0];
  readonly #selected = createSignal<readonly string[]>([]);
  readonly #hovered = createSignal<string | null>(null);
  /** Whether something of the configuration waits for a selected region: then new ones are selected. */
  readonly #selectsNew: boolean;

  constructor(options: HostOptions) {
    this.tree = options.tree;
    this.taskId = options.taskId;
    this.data = options.data;
    this.annotation = options.annotation;
    this.readOnly = options.readOnly;
    this.announce = options.announce;
    this.onKey = options.addKey;
    this.#looks = new LabelLooks(this.tree, this.data);
    this.#picks = new LabelPicks(this.tree, () => this.#bump(this.#chosenSignal));
    this.#selectsNew = this.tree.nodes.some(
      (node) => readFlag(node, "perRegion") || node.attributes.get("visiblewhen") === "region-selected",
    );
    const { document, selection } = this.annotation;
    const turn = () => this.#page[1](this.annotation.place.item);
    turn();
    onCleanup(this.annotation.subscribePlace(turn));
    onCleanup(document.subscribe(({ ids }) => this.#changed(ids)));
    onCleanup(
      selection.subscribe(() =>
        batch(() => {
          this.#selected[1]([...selection.ids]);
          this.#hovered[1](selection.hover ?? null);
          this.#finishRelation();
        }),
      ),
    );
  }

  #changed(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#known.delete(id);
    this.#epoch[1]((epoch) => epoch + 1);
  }

  #bump(signal: readonly [unknown, (next: (count: number) => number) => unknown]): void {
    signal[1]((count) => count + 1);
  }

  attribute(node: TagNode, name: string): JsonValue {
    return readAttribute(node, name, this.data);
  }

  visible(node: TagNode): boolean {
    return isVisible(node, this.visibility());
  }

  /** The state that visibility rules ask about; tracked. */
  visibility(selected: readonly SelectedRegion[] = this.#selectedRegions()): VisibilityState {
    return {
      selected,
      choosers: this.tree.nodes.filter((node) => choosing.has(node.type) && node.name !== null),
      chosen: (control) => this.#chosen(control),
      data: this.data,
    };
  }

  #selectedRegions(): readonly SelectedRegion[] {
    return this.selection().flatMap((id) => {
      const region = this.region(id);
      return region ? [describe(region)] : [];
    });
  }

  #chosen(control: TagNode): readonly string[] {
    const key = valueKey(resultType(control));
    const items = itemsOf(control, this.data);
    return this.results({ from: control.name ?? "" }).flatMap((item) => {
      const chosen = item.value?.[key];
      if (!Array.isArray(chosen)) return [];
      return (chosen as JsonValue[]).flatMap((one) => {
        const last = Array.isArray(one) ? one.at(-1) : one;
        if (typeof last !== "string") return [];
        const item = findItem(flattenItems(items), last);
        return item ? [item.stored, item.value] : [last];
      });
    });
  }

  results(query: ResultQuery): readonly ResultItem[] {
    this.#epoch[0]();
    const { document } = this.annotation;
    const from = query.region === undefined ? document.results() : document.items(query.region);
    return from.filter(
      (item) =>
        (query.from === undefined || item.from_name === query.from) &&
        (query.to === undefined || item.to_name === query.to) &&
        (query.type === undefined || item.type === query.type) &&
        (query.item === undefined || (item.item_index ?? 0) === query.item),
    );
  }

  regions(object?: string): readonly HostRegion[] {
    this.#epoch[0]();
    this.#view[0]();
    return this.annotation.document.regionKeys().flatMap((key) => {
      const region = this.#regionOf(key);
      return region && (object === undefined || region.object === object) ? [region] : [];
    });
  }

  region(id: string): HostRegion | undefined {
    this.#epoch[0]();
    this.#view[0]();
    return this.#regionOf(id) ?? undefined;
  }

  #regionOf(id: string): HostRegion | null {
    const known = this.#known.get(id);
    if (known) return known;
    const items = this.annotation.document.items(id);
    if (!items.some((item) => isRegionItem(item, this.tree))) return null;
    const region: HostRegion = {
      id,
      object: items.find((item) => item.to_name !== undefined)?.to_name ?? "",
      items,
      labels: [...new Set(items.flatMap(labelsOf))],
      hidden: this.#hidden.has(id),
      locked: this.#locked.has(id) || items.some((item) => item.readonly === true),
    };
    this.#known.set(id, region);
    return region;
  }

  selection(): readonly string[] {
    return this.#selected[0]();
  }

  select(ids: readonly string[], how: "replace" | "add" | "toggle" = "replace"): void {
    const { selection } = this.annotation;
    if (how === "replace") selection.set(ids);
    else if (how === "add") selection.add(ids);
    else for (const id of ids) selection.toggle(id);
  }

  hovered(): string | null {
    return this.#hovered[0]();
  }

  hover(id: string | null): void {
    this.annotation.selection.setHover(id ?? undefined);
  }

  setHidden(ids: readonly string[], hidden: boolean): void {
    this.#flag(this.#hidden, ids, hidden);
  }

  setLocked(ids: readonly string[], locked: boolean): void {
    this.#flag(this.#locked, ids, locked);
  }

  #flag(set: Set<string>, ids: readonly string[], on: boolean): void {
    for (const id of ids) {
      if (on) set.add(id);
      else set.delete(id);
      this.#known.delete(id);
    }
    this.#bump(this.#view);
  }

  valueTarget(control: TagNode): ValueTarget | null {
    if (readFlag(control, "perRegion")) {
      const region = this.selection().find((id) => {
        const found = this.region(id);
        return found && (!control.toNames.length || control.toNames.includes(found.object));
      });
      return region === undefined ? null : { region };
    }
    return readFlag(control, "perItem") ? { item: this.page() } : {};
  }

  setValue(control: TagNode, value: JsonObject | null, target = this.valueTarget(control)): void {
    if (this.readOnly || !target) return;
    const { document } = this.annotation;
    const slot = this.#slotOf(control, target);
    const mark = `change ${control.name ?? control.type}`;
    this.annotation.edit(mark, (edit) => {
      if (value === null) {
        if (slot !== undefined) edit.remove(slot);
      } else if (slot === undefined) edit.add(this.#newItem(control, value, target));
      else {
        const gone = Object.keys(document.item(slot)?.value ?? {}).filter(
          (key) => key === valueKey(resultType(control)) && !(key in value),
        );
        edit.changeValue(slot, { ...Object.fromEntries(gone.map((key) => [key, undefined])), ...value });
      }
    });
    document.flush();
  }

  #slotOf(control: TagNode, target: ValueTarget): number | undefined {
    const { document } = this.annotation;
    const slots = target.region === undefined ? document.orderedSlots() : document.slots(target.region);
    return slots.find((slot) => {
      const item = document.item(slot);
      if (item?.from_name !== control.name) return false;
      return target.item === undefined || (item?.item_index ?? 0) === target.item;
    });
  }

  #newItem(control: TagNode, value: JsonObject, target: ValueTarget): ResultItem {
    const main = target.region === undefined ? undefined : this.annotation.document.items(target.region)[0];
    return answerItem({ tree: this.tree, control, value, target, main, newId: this.annotation.newId });
  }

  addRegion(control: TagNode, value: JsonObject, extra: JsonObject = {}): string {
    const id = this.annotation.newId();
    const object = objectOf(control, this.tree)?.name ?? control.toNames[0] ?? "";
    const own = control.schema?.hasLabels || isLabeling(control);
    const lists = own ? [] : this.#labelLists(object);
    const makers: readonly LabelChoice[] = [
      { control, labels: own ? this.activeLabels(control) : null },
      ...lists
        .map((by) => ({ control: by, labels: this.activeLabels(by) }))
        .filter(({ labels }) => labels.length),
    ];
    const items = makers.map((maker) => regionItem({ ...maker, id, object, value, extra }));
    const select = this.#selectsNew ? { select: () => [id] } : {};
    this.annotation.edit(
      "add region",
      (edit) => {
        for (const item of items) edit.add(item);
      },
      select,
    );
    this.annotation.document.flush();
    const labels = items.flatMap(labelsOf);
    const named = labels.join(", ") || say("region");
    this.announce(say("added", { labels: named, count: this.regions(object).length, object }));
    return id;
  }

  #labelLists(object: string): readonly TagNode[] {
    return controlsOf(this.tree).filter(
      (control) => control.type === "Labels" && objectOf(control, this.tree)?.name === object,
    );
  }

  updateRegion(id: string, value: JsonObject): void {
    if (this.readOnly || this.region(id)?.locked) return;
    const { document } = this.annotation;
    const place = placeOfRegion(value);
    this.annotation.edit("move region", (edit) => {
      for (const slot of document.slots(id))
        edit.changeValue(slot, { ...place, ...onlyOwn(document.item(slot), value) });
    });
    document.flush();
  }

  setLabels(id: string, control: TagNode, labels: readonly string[]): void {
    if (this.readOnly || this.region(id)?.locked) return;
    const { document } = this.annotation;
    const value = writtenLabels(control, labels);
    const own = document.slots(id).find((slot) => document.item(slot)?.from_name === control.name);
    this.annotation.edit("change label", (edit) => {
      if (own === undefined) edit.add(this.#newItem(control, value, { region: id }));
      else edit.changeValue(own, value);
    });
    document.flush();
    this.announce(labels.length ? say("labelIs", { labels: labels.join(", ") }) : say("labelOff"));
  }

  removeRegions(ids: readonly string[]): void {
    const free = ids.filter((id) => !this.region(id)?.locked);
    if (this.readOnly || !free.length) return;
    this.annotation.removeRegions(free);
    this.annotation.document.flush();
    this.announce(say("regionsDeleted", { count: free.length }));
  }

  activeLabels(control: TagNode): readonly string[] {
    this.#chosenSignal[0]();
    return this.#picks.active(control).filter((label) => !this.isUsedUp(control, label));
  }

  isUsedUp(control: TagNode, label: string): boolean {
    const item = findItem(flattenItems(itemsOf(control, this.data)), label);
    const most = item && (item.maxUsages ?? Number(readText(control, "maxUsages")));
    if (!most) return false;
    const object = objectOf(control, this.tree)?.name ?? "";
    return this.regions(object).filter((region) => region.labels.includes(label)).length >= most;
  }

  pickLabel(control: TagNode, label: string): void {
    if (this.#picks.offer(control, label)) return;
    const multiple = readText(control, "choice") === "multiple";
    const targets = this.#relabelable(control);
    for (const region of targets)
      this.setLabels(region.id, control, toggled(ownLabels(region, control), label, multiple));
    if (!targets.length) this.#picks.pick(control, label, multiple);
  }

  /** Clears every picked label; true when there was one. */
  clearLabels(): boolean {
    return this.#picks.clear();
  }

  #relabelable(control: TagNode): readonly HostRegion[] {
    const object = objectOf(control, this.tree)?.name;
    return this.selection().flatMap((id) => {
      const region = this.region(id);
      if (!region || region.locked || region.object !== object) return [];
      const fits = control.type === "Labels" || region.items.some((item) => item.from_name === control.name);
      return fits ? [region] : [];
    });
  }

  surfaces(): readonly Surface[] {
    return this.#surfaces[0]();
  }

  join(surface: Surface): () => void {
    this.#surfaces[1]((all) => [...all, surface]);
    return () => this.#surfaces[1]((all) => all.filter((other) => other !== surface));
  }

  onSubmit(finish: () => string | undefined): () => void {
    this.#finishers.add(finish);
    return () => this.#finishers.delete(finish);
  }

  /** Lets every field take what is still being written; gives why some could not. */
  finishWriting(): readonly string[] {
    return [...this.#finishers].flatMap((finish) => finish() ?? []);
  }

  /** The region that a relation is being made from, or null. */
  relating(): string | null {
    return this.#relating[0]();
  }

  /** From now on the next region selected is related to this one; null gives up. */
  startRelation(id: string | null): void {
    this.#relating[1](id);
    this.announce(say(id === null ? "noRelationMade" : "relateNow"));
  }

  #finishRelation(): void {
    const from = this.#relating[0]();
    const to = this.annotation.selection.primary;
    if (from === null || to === undefined || to === from) return;
    this.#relating[1](null);
    this.annotation.edit("relate", (edit) => edit.relate(from, to));
    this.annotation.document.flush();
    this.announce(say("relationMade"));
  }

  keyName(id: string, standard: string): string {
    return keyCaps(keysOf(id, tinyKey(standard)) ?? "")
      .map((press) => press.join(" "))
      .join(", ");
  }

  onPick(object: string, take: (control: TagNode) => boolean): () => void {
    return this.#picks.onPick(object, take);
  }

  activeControl(object: string): TagNode | null {
    const makers = controlsOf(this.tree).filter(
      (control) => makesRegions(control) && objectOf(control, this.tree)?.name === object,
    );
    return makers.find((control) => this.activeLabels(control).length > 0) ?? makers[0] ?? null;
  }

  labelColor(label: string, object = ""): string {
    return this.#looks.of(label, object).color;
  }

  labelTitle(label: string, object = ""): string {
    return this.#looks.of(label, object).title;
  }

  itemKey(control: TagNode, stored: string): string | null {
    return this.#looks.keyOf(control, stored);
  }
}

/** How visibility rules see a region. */
export function describe(region: HostRegion): SelectedRegion & { readonly id: string } {
  return {
    id: region.id,
    object: region.object,
    labels: region.labels,
    controls: region.items.flatMap((item) => item.from_name ?? []),
  };
}

function ownLabels(region: HostRegion, control: TagNode): readonly string[] {
  const own = region.items.filter((item) => item.from_name === control.name);
  const paths = (item: ResultItem) =>
    ((item.value?.taxonomy ?? []) as JsonValue[]).map((path) => JSON.stringify(path));
  return own.flatMap(isLabeling(control) ? paths : labelsOf);
}
