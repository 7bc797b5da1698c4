import "./view.css";
import { createMemo, createSignal, For, Show } from "solid-js";
import { readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { type ListEntry, readEntries } from "../List/items";
import { readRanks } from "./codec";
import { fillColumns, moveEntry, writeColumns } from "./columns";
import { columnsOf } from "./plan";

export default function Ranker(props: TagViewProps) {
  const { host, node } = props;
  const list = node.toNames[0] ? host.tree.byName.get(node.toNames[0]) : undefined;
  const entries = createMemo(() => (list ? readEntries(host.attribute(list, "value")) : []));
  const plan = columnsOf(node, list ? readText(list, "title", host.data) : "");
  const stored = createMemo(() =>
    readRanks(host.results({ from: node.name ?? "" })[0]?.value?.ranker ?? null),
  );
  const columns = createMemo(() =>
    fillColumns(
      plan,
      stored(),
      entries().map((entry) => entry.id),
    ),
  );
  const [over, setOver] = createSignal<string | null>(null);
  let board: HTMLDivElement | undefined;

  const move = (id: string, to: string, index: number) => {
    if (host.readOnly) return;
    const next = moveEntry(columns(), id, to, index);
    host.setValue(node, { ranker: writeColumns(next, stored()) });
    const column = next.find((one) => one.key === to);
    const place = (column?.ids.indexOf(id) ?? 0) + 1;
    const where = { column: column?.title || words("list"), place, count: column?.ids.length ?? 0 };
    host.announce(word("placed", { title: titleOf(id), ...where }));
    queueMicrotask(() => board?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus());
  };
  const titleOf = (id: string) => entries().find((entry) => entry.id === id)?.title || id;
  const onKey = (event: KeyboardEvent, id: string, column: number, index: number) => {
    const aside = columns()[column + (event.key === "ArrowRight" ? 1 : -1)];
    const acts: Record<string, () => void> = {
      ArrowUp: () => move(id, columns()[column]?.key ?? "", index - 1),
      ArrowDown: () => move(id, columns()[column]?.key ?? "", index + 1),
      ArrowLeft: () => aside && move(id, aside.key, index),
      ArrowRight: () => aside && move(id, aside.key, index),
    };
    const act = acts[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };

  return (
    <div class="ranker" ref={board} style={{ "--columns": columns().length }}>
      <For each={columns()}>
        {(column, at) => (
          <div
            class="ranker-column"
            role="group"
            aria-label={column.title || node.name || "Ranking"}
            data-over={over() === column.key ? "" : undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(column.key);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(null);
              const id = event.dataTransfer?.getData("text/plain") ?? "";
              if (entries().some((entry) => entry.id === id)) move(id, column.key, dropIndex(event));
            }}
          >
            <Show when={column.title}>
              <h2 class="tag-header">{column.title}</h2>
            </Show>
            <For each={column.ids}>
              {(id, index) => (
                <Card
                  entry={entries().find((entry) => entry.id === id)}
                  id={id}
                  place={index() + 1}
                  fixed={host.readOnly}
                  onKey={(event) => onKey(event, id, at(), index())}
                />
              )}
            </For>
          </div>
        )}
      </For>
    </div>
  );
}

function Card(props: {
  entry: ListEntry | undefined;
  id: string;
  place: number;
  fixed: boolean;
  onKey: (event: KeyboardEvent) => void;
}) {
  return (
    <button
      type="button"
      class="ranker-card"
      data-id={props.id}
      draggable={!props.fixed}
      aria-roledescription={words("entryToRank")}
      onKeyDown={(event) => props.onKey(event)}
      onDragStart={(event) => event.dataTransfer?.setData("text/plain", props.id)}
    >
      <span class="ranker-place tabular">{props.place}</span>
      <span>
        <b>{props.entry?.title}</b>
        <Show when={props.entry?.body}>
          <span class="ranker-body">{props.entry?.body}</span>
        </Show>
      </span>
    </button>
  );
}

/** The place among the cards of a column that a drop at the pointer means. */
function dropIndex(event: DragEvent): number {
  const column = event.currentTarget as HTMLElement;
  const cards = [...column.querySelectorAll(".ranker-card")];
  const before = cards.findIndex((card) => {
    const box = card.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  return before < 0 ? cards.length : before;
}
