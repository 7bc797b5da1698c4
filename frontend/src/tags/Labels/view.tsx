import "./view.css";
import { createMemo, For, onCleanup, Show } from "solid-js";
import { readFlag } from "../../config/attributes";
import { type ConfigItem, flattenItems, itemsOf } from "../../config/items";
import { labelsOf, objectOf } from "../../config/results";
import type { TagViewProps } from "../_contract/contract";
import { word } from "../_contract/words";

/** The bar of labels, with their colours and keys; the view of every `…Labels` control. */
export default function Labels(props: TagViewProps) {
  const items = createMemo(() => flattenItems(itemsOf(props.node, props.host.data)));
  const object = createMemo(() => objectOf(props.node, props.host.tree)?.name ?? "");
  return (
    <div
      class="labels"
      role="toolbar"
      aria-label={word("labels", { name: props.node.name ?? "" })}
      data-layout={readFlag(props.node, "showInline") ? "row" : "column"}
    >
      <For each={items()}>{(item) => <LabelButton {...props} item={item} object={object()} />}</For>
    </div>
  );
}

function LabelButton(props: TagViewProps & { item: ConfigItem; object: string }) {
  const pick = () => props.host.pickLabel(props.node, props.item.stored);
  const key = () => props.host.itemKey(props.node, props.item.stored);
  const uses = createMemo(
    () =>
      props.host.regions(props.object).filter((region) => region.labels.includes(props.item.stored)).length,
  );
  const isFull = () => props.host.isUsedUp(props.node, props.item.stored);
  const isOn = createMemo(() => {
    const selected = props.host.selection().flatMap((id) => props.host.region(id) ?? []);
    if (!selected.length) return props.host.activeLabels(props.node).includes(props.item.stored);
    return selected.some((region) =>
      region.items.some(
        (one) => one.from_name === props.node.name && labelsOf(one).includes(props.item.stored),
      ),
    );
  });
  const keys = key();
  if (keys)
    onCleanup(props.host.onKey(keys, () => !isFull() && pick(), word("label", { title: props.item.value })));
  return (
    <button
      type="button"
      class="label-chip"
      aria-pressed={isOn()}
      aria-keyshortcuts={key() ?? undefined}
      disabled={isFull() || props.host.readOnly}
      title={props.item.hint ?? undefined}
      style={{ "--label": props.host.labelColor(props.item.stored, props.object) }}
      // Focus stays where the selection is: a click on a label must not lose the marked text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={pick}
    >
      <span class="label-dot" aria-hidden="true" />
      <span class="label-name">{props.item.value}</span>
      <Show when={uses()}>
        <span class="label-uses" aria-hidden="true">
          {uses()}
        </span>
      </Show>
      <Show when={key()}>
        {(shown) => (
          <span class="key-cap" aria-hidden="true">
            {shown()}
          </span>
        )}
      </Show>
    </button>
  );
}
