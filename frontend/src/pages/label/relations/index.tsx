/** The relations of an annotation in the panel of details: a list, and what can be done with the one that is chosen. */
import "./relations.css";
import {
  createEffect,
  createMemo,
  createResource,
  createUniqueId,
  onCleanup,
  Show,
  Suspense,
} from "solid-js";
import { pushScope } from "../../../app/hotkeys";
import { locale } from "../../../app/i18n";
import { keysOf } from "../../../app/keymap";
import { fetched } from "../../../app/queried";
import { Button } from "../../../ui/Button";
import { labelActions } from "../actions";
import type { LabelHost } from "../host";
import { relationActions } from "./actions";
import { Chosen } from "./Chosen";
import { List, type PartProps } from "./List";
import { createRelations, type Relations } from "./state";
import { fetchWords, say } from "./words";

const Arrows = fetched(() => import("./Arrows"));

export default function RelationsPart(props: { host: LabelHost }) {
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <Part host={props.host} />
    </Show>
  );
}

function Part(props: { host: LabelHost }) {
  const { host } = props;
  const relations = createRelations(host);
  const some = createMemo(() => relations.list().length > 0);
  useKeys(host, relations);
  return (
    <>
      <Show when={some()}>
        <Listed host={host} relations={relations} />
      </Show>
      <Suspense>
        <Show when={some() && relations.drawn()}>
          <Arrows host={host} relations={relations} />
        </Show>
      </Suspense>
    </>
  );
}

/** Keys that go to relations and show their arrows; while one is chosen, also those that remove it and let it go. */
function useKeys(host: LabelHost, relations: Relations): void {
  const own = relationActions();
  const runs = {
    next: () => relations.step(1),
    previous: () => relations.step(-1),
    arrows: () => relations.setDrawn(!relations.drawn()),
  };
  for (const name of ["next", "previous", "arrows"] as const)
    onCleanup(host.onKey(own[name].keys, runs[name], own[name].title, own[name].id));
  createEffect(() => {
    const slot = relations.chosen();
    // Selected regions come first: these keys are theirs.
    if (slot === null || host.selection().length > 0) return;
    const screen = labelActions();
    const remove = () => relations.remove(slot);
    const bound = [
      [keysOf(screen.delete.id, screen.delete.keys), remove],
      [screen.backspace.keys, remove],
      [screen.escape.keys, () => relations.choose(null)],
    ] as const;
    onCleanup(pushScope(Object.fromEntries(bound.flatMap(([keys, run]) => (keys ? [[keys, run]] : [])))));
  });
}

function Listed(props: PartProps) {
  const { relations } = props;
  const id = createUniqueId();
  let section!: HTMLElement;
  const many = () => relations.list().length > 1;
  /** The only one needs no choosing. */
  const shown = createMemo(() => {
    const all = relations.list();
    return all.find(({ slot }) => slot === relations.chosen()) ?? (many() ? undefined : all[0]);
  });
  // What is removed takes the focus with it: it goes to what is left.
  const remove = (slot: number) => {
    relations.remove(slot);
    section.querySelector<HTMLElement>("[role=listbox], .relation-end")?.focus();
  };
  return (
    <section aria-labelledby={`${id}-title`} ref={section}>
      <header class="side-head">
        <h2 id={`${id}-title`}>
          {say("relations")} <span class="muted tabular">{relations.list().length}</span>
        </h2>
        <ArrowSwitch {...props} />
      </header>
      <Show when={many()}>
        <List {...props} />
      </Show>
      <Show when={shown()}>
        {(relation) => <Chosen {...props} relation={relation()} onRemove={remove} />}
      </Show>
    </section>
  );
}

function ArrowSwitch(props: PartProps) {
  const title = () => {
    const { arrows } = relationActions();
    const key = props.host.keyName(arrows.id, arrows.keys);
    return key ? `${arrows.title} (${key})` : arrows.title;
  };
  return (
    <Button
      look="quiet"
      size="small"
      icon={props.relations.drawn() ? "eye" : "eye-off"}
      label={title()}
      aria-pressed={props.relations.drawn()}
      onClick={() => props.relations.setDrawn(!props.relations.drawn())}
    />
  );
}
