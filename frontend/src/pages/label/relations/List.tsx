/** The list of relations. Only rows in sight are in the page; the list itself has the focus. */
import { createEffect, createUniqueId, For, on, Show } from "solid-js";
import { createFixedRows } from "../fixedRows";
import type { LabelHost } from "../host";
import { directionOf, signs } from "./direction";
import { EndName } from "./EndName";
import { inWords, titlesOf } from "./naming";
import type { Relation, Relations } from "./state";
import { say } from "./words";

export interface PartProps {
  readonly host: LabelHost;
  readonly relations: Relations;
}

const ROW = 28;
const MOST_ROWS = 5;

export function List(props: PartProps) {
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

function Name(props: { host: LabelHost; id: string | undefined }) {
  return (
    <span class="relation-name" aria-hidden="true">
      <EndName {...props} />
    </span>
  );
}
