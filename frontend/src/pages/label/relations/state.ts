/**
 * The relations of an open annotation as the screen shows them: which there are, which one is chosen or pointed at,
 * whether they are drawn, and what can be done with one. A relation has no id: its place in the document names it.
 */
import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import { readSetting, writeSetting } from "../../../app/storage";
import type { AnnotationDocument } from "../../../store/document";
import type { Slot } from "../../../store/ops";
import type { ResultItem } from "../../../store/result";
import type { LabelHost } from "../host";
import { directionOf, turned } from "./direction";
import { inWords } from "./naming";
import { say } from "./words";

export interface Relation {
  readonly slot: Slot;
  readonly item: ResultItem;
}

/** Kept on this device: whether arrows are drawn. */
const SETTING = "relationArrows";

export interface Relations {
  readonly list: Accessor<readonly Relation[]>;
  /** The one chosen, by its slot. */
  readonly chosen: Accessor<Slot | null>;
  readonly pointed: Accessor<Slot | null>;
  /** Whether arrows are drawn. */
  readonly drawn: Accessor<boolean>;
  /** Chooses a relation in the place of regions, and says which it is. */
  choose(slot: Slot | null): void;
  point(slot: Slot | null): void;
  setDrawn(on: boolean): void;
  /** Goes to the next or previous relation, at first to one of the selected region. */
  step(by: 1 | -1): void;
  /** Selects a region at an end; the relation stays chosen. */
  goTo(region: string): void;
  turn(slot: Slot): void;
  setLabels(slot: Slot, labels: readonly string[]): void;
  remove(slot: Slot): void;
}

/** The relations of a host, followed for as long as the calling component lives. */
export function createRelations(host: LabelHost): Relations {
  const { annotation } = host;
  const { document, selection } = annotation;
  const [list, setList] = createSignal(relationsOf(document, []));
  const [chosen, setChosen] = createSignal<Slot | null>(null);
  const [pointed, setPointed] = createSignal<Slot | null>(null);
  const [drawn, setDrawn] = createSignal(readSetting(SETTING) !== "off");
  /** The selection of regions that the chosen relation stands beside. */
  let beside = selection.ids;

  const follow = () => {
    const before = list();
    const now = relationsOf(document, before);
    if (now === before) return;
    const known = new Set(before.map(({ slot }) => slot));
    const [made, ...others] = now.filter(({ slot }) => !known.has(slot));
    batch(() => {
      setList(now);
      if (made && !others.length) {
        beside = selection.ids;
        setChosen(made.slot);
      } else if (!now.some(({ slot }) => slot === chosen())) setChosen(null);
      if (!now.some(({ slot }) => slot === pointed())) setPointed(null);
    });
  };
  onCleanup(document.subscribe(follow));
  // Whoever turns to other regions has done with the relation.
  onCleanup(
    selection.subscribe(() => {
      if (chosen() !== null && selection.ids.size > 0 && selection.ids !== beside) setChosen(null);
    }),
  );

  const at = (slot: Slot | null) => list().findIndex((relation) => relation.slot === slot);
  const edit = (slot: Slot, changes: Partial<ResultItem>) => {
    if (host.readOnly) return;
    annotation.edit("change relation", (one) => one.change(slot, changes));
    document.flush();
    const item = document.item(slot);
    if (item) host.announce(inWords(host, item));
  };

  const choose = (slot: Slot | null) => {
    batch(() => {
      host.select([]);
      beside = selection.ids;
      setChosen(slot);
    });
    const place = at(slot);
    const relation = list()[place];
    if (!relation) return;
    const what = inWords(host, relation.item);
    host.announce(say("relationOf", { place: place + 1, count: list().length, what }));
  };

  return {
    list,
    chosen,
    pointed,
    drawn,
    choose,
    point: setPointed,
    setDrawn: (on) => {
      setDrawn(on);
      writeSetting(SETTING, on ? "on" : "off");
      host.announce(say(on ? "arrowsShown" : "arrowsHidden"));
    },
    step: (by) => {
      const all = list();
      const [region] = selection.ids;
      const own = all.findIndex(({ item }) => item.from_id === region || item.to_id === region);
      const now = at(chosen());
      const first = own >= 0 ? own : by > 0 ? 0 : all.length - 1;
      const next = all[now < 0 ? first : (now + by + all.length) % all.length];
      if (next) choose(next.slot);
    },
    goTo: (region) => {
      const slot = chosen();
      batch(() => {
        host.select([region]);
        beside = selection.ids;
        setChosen(slot);
      });
    },
    turn: (slot) => {
      const item = document.item(slot);
      if (item) edit(slot, { direction: turned[directionOf(item)] });
    },
    setLabels: (slot, labels) => edit(slot, { labels: [...labels] }),
    remove: (slot) => {
      if (host.readOnly) return;
      annotation.edit("remove relation", (one) => one.remove(slot));
      document.flush();
      host.announce(say("removed"));
    },
  };
}

/** Gives the relations of a document: the very list it was given when nothing changed. */
export function relationsOf(document: AnnotationDocument, before: readonly Relation[]): readonly Relation[] {
  const known = new Map(before.map((relation) => [relation.slot, relation]));
  const now = document.relations().flatMap((slot) => {
    const item = document.item(slot);
    const old = known.get(slot);
    return item === undefined ? [] : [old?.item === item ? old : { slot, item }];
  });
  return now.length === before.length && now.every((one, i) => one === before[i]) ? before : now;
}
