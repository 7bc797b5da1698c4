import { createMemo, For, Show } from "solid-js";
import { readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { readEntries } from "./items";

/** A List that a Ranker works on is drawn by the Ranker. */
export default function List(props: TagViewProps) {
  const entries = createMemo(() => readEntries(props.host.attribute(props.node, "value")));
  const isRanked = () =>
    props.host.tree.nodes.some(
      (node) => node.type === "Ranker" && node.toNames.includes(props.node.name ?? ""),
    );
  return (
    <Show when={!isRanked()}>
      <Show when={readText(props.node, "title")}>
        <h2 class="tag-header">{readText(props.node, "title")}</h2>
      </Show>
      <ul>
        <For each={entries()}>
          {(entry) => (
            <li>
              <b>{entry.title}</b> {entry.body}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
