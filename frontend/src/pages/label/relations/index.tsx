/** The relations of an annotation in the panel of details: a list, and what can be done with the one that is chosen. */
import "./relations.css";
import {
  createEffect,
  createMemo,
  createResource,
  createUniqueId,
  For,
  on,
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
import { createFixedRows } from "../fixedRows";
import type { LabelHost } from "../host";
import { relationActions } from "./actions";
import { directionOf } from "./direction";
import { endParts, inWords, offeredLabels, titlesOf } from "./naming";
import { createRelations, type Relation, type Relations } from "./state";
import { fetchWords, say } from "./words";

const Arrows = fetched(() => import("./Arrows"));

const ROW = 28;
const MOST_ROWS = 5;
const signs = { right: "→", left: "←", bi: "↔" } as const;

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

interface PartProps {
  readonly host: LabelHost;
  readonly relations: Relations;
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

/** Only rows in sight are in the page; the list itself has the focus. */
function List(props: PartProps) {
  const { relations } = props;
  const id = createUniqueId();
  let scroller!: HTMLDivElement;
  const virtual = createFixedRows({
    count: () => relations.list().length,
    rowHeight: ROW,
    scroller: () => scroller,
    more: 4,
  });
  const place = () => relations.list().findIndex(({ slot }) => slot === relations.chosen());
  createEffect(on(place, (at) => at >= 0 && virtual.reveal(at)));

  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = relations.list().length - 1;
    const target: Record<string, number> = {
      ArrowDown: Math.min(place() + 1, last),
      ArrowUp: Math.max(place() - 1, 0),
      Home: 0,
      End: last,
    };
    const relation = relations.list()[target[event.key] ?? -1];
    if (!relation) return;
    event.preventDefault();
    relations.choose(relation.slot);
  };
  return (
    <div
      ref={scroller}
      class="relations-list"
      role="listbox"
      tabindex="0"
      aria-label={say("relations")}
      aria-activedescendant={place() >= 0 ? `${id}-${place()}` : undefined}
      style={{ "block-size": `${Math.min(MOST_ROWS, relations.list().length) * ROW}px` }}
      onKeyDown={onKey}
      onMouseLeave={() => relations.point(null)}
    >
      <div role="presentation" style={{ position: "relative", height: `${virtual.height()}px` }}>
        <For each={virtual.rows()}>
          {(row) => (
            <Show when={relations.list()[row.index]}>
              {(relation) => (
                <Row
                  {...props}
                  id={`${id}-${row.index}`}
                  at={row.index}
                  start={row.start}
                  relation={relation()}
                />
              )}
            </Show>
          )}
        </For>
      </div>
    </div>
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

function Row(props: PartProps & { relation: Relation; id: string; at: number; start: number }) {
  const { host, relations } = props;
  const item = () => props.relation.item;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the focus and the keys
    <div
      id={props.id}
      class="relation-row"
      role="option"
      aria-selected={relations.chosen() === props.relation.slot}
      aria-setsize={relations.list().length}
      aria-posinset={props.at + 1}
      data-pointed={relations.pointed() === props.relation.slot ? "" : undefined}
      style={{ translate: `0 ${props.start}px` }}
      onClick={() => relations.choose(props.relation.slot)}
      onMouseEnter={() => relations.point(props.relation.slot)}
    >
      <span class="visually-hidden">{inWords(host, item())}</span>
      <Name host={host} id={item().from_id} />
      <span class="relation-sign" aria-hidden="true">
        {signs[directionOf(item())]}
      </span>
      <Name host={host} id={item().to_id} />
      <span class="relation-called" aria-hidden="true">
        {titlesOf(host, item()).join(", ")}
      </span>
    </div>
  );
}

/** The one that is chosen: its ends, its direction, its labels. */
function Chosen(props: PartProps & { relation: Relation; onRemove: (slot: number) => void }) {
  const { host, relations } = props;
  const item = () => props.relation.item;
  const { items: offered, single } = offeredLabels(host);
  const labels = (): readonly string[] => (Array.isArray(item().labels) ? (item().labels as string[]) : []);
  const toggle = (label: string) => {
    const rest = labels().filter((other) => other !== label);
    const without = rest.length < labels().length;
    relations.setLabels(props.relation.slot, without ? rest : single ? [label] : [...labels(), label]);
  };
  return (
    <div
      class="relation-chosen"
      role="group"
      aria-label={inWords(host, item())}
      onMouseEnter={() => relations.point(props.relation.slot)}
      onMouseLeave={() => relations.point(null)}
    >
      <End {...props} id={item().from_id} />
      <button
        type="button"
        class="relation-end"
        aria-label={say("turn", { what: inWords(host, item()) })}
        disabled={host.readOnly}
        onClick={() => relations.turn(props.relation.slot)}
      >
        <span class="relation-sign">{signs[directionOf(item())]}</span>
      </button>
      <End {...props} id={item().to_id} />
      <Button
        class="relation-remove"
        look="quiet"
        size="small"
        icon="trash-2"
        label={say("removeRelation")}
        disabled={host.readOnly}
        onClick={() => props.onRemove(props.relation.slot)}
      />
      <Show when={offered.length} fallback={<span class="muted">{titlesOf(host, item()).join(", ")}</span>}>
        <div class="relation-labels" role="group" aria-label={say("relationLabels")}>
          <For each={offered}>
            {(label) => (
              <button
                type="button"
                class="relation-label"
                aria-pressed={labels().includes(label.stored)}
                disabled={host.readOnly}
                onClick={() => toggle(label.stored)}
              >
                {label.value}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}

function End(props: PartProps & { id: string | undefined }) {
  return (
    <button type="button" class="relation-end" onClick={() => props.relations.goTo(props.id ?? "")}>
      <Parts host={props.host} id={props.id} />
    </button>
  );
}

function Name(props: { host: LabelHost; id: string | undefined }) {
  return (
    <span class="relation-name" aria-hidden="true">
      <Parts {...props} />
    </span>
  );
}

/** Each in its own direction of writing, in the order of the page's. */
function Parts(props: { host: LabelHost; id: string | undefined }) {
  return (
    <>
      <bdi>{endParts(props.host, props.id)[0]}</bdi>{" "}
      <bdi class="muted">{endParts(props.host, props.id)[1]}</bdi>
    </>
  );
}
