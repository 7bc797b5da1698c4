import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { parseHotkey } from "../../config/hotkeys";
import type { TagViewProps, ValueTarget } from "../_contract/contract";
import { word } from "../_contract/words";

export default function NumberField(props: TagViewProps) {
  const { host, node } = props;
  let field!: HTMLInputElement;
  const bound = (name: string) => {
    const value = host.attribute(node, name);
    return typeof value === "number" ? value : undefined;
  };
  const [fault, setFault] = createSignal("");
  const target = createMemo(() => host.valueTarget(node));
  const place = createMemo(() => JSON.stringify(target()));
  const stored = createMemo(() => {
    const at = target();
    const value = at ? host.results({ from: node.name ?? "", ...at })[0]?.value?.number : undefined;
    return typeof value === "number" ? value : undefined;
  });
  const isSlider = readFlag(node, "slider");
  const shown = () => String(stored() ?? (isSlider ? (bound("min") ?? 0) : ""));
  // What is written belongs to the region that was selected when writing began.
  let begun: ValueTarget | null = null;
  const write = () => {
    const at = begun ?? target();
    begun = null;
    setFault(field.validity.valid ? "" : field.validationMessage);
    if (!field.validity.valid || !at) return;
    host.setValue(node, field.value === "" ? null : { number: field.valueAsNumber }, at);
  };
  const leave = () => {
    if (begun) write();
  };
  onCleanup(leave);
  // What was refused for one region, or before an undo, is not what stands here now.
  createEffect(
    on([place, stored], ([now]) => {
      if (JSON.stringify(begun) !== now) leave();
      begun = null;
      field.value = shown();
      setFault("");
    }),
  );
  onCleanup(
    host.onSubmit(() => {
      if (!isSlider && (field.value !== shown() || field.validity.badInput)) write();
      return fault() ? `${node.name}: \u2068${fault()}\u2069` : undefined;
    }),
  );
  for (const key of parseHotkey(readText(node, "hotkey")))
    onCleanup(host.onKey(key, () => field.focus(), word("goTo", { name: node.name ?? "" })));
  return (
    <div class="textarea">
      <div style={{ display: "flex", gap: "8px", "align-items": "center" }}>
        <input
          ref={field}
          class="answer"
          type={isSlider ? "range" : "number"}
          aria-label={node.name ?? "Number"}
          min={bound("min")}
          max={bound("max")}
          step={bound("step") ?? "any"}
          placeholder={readText(node, "defaultValue")}
          readOnly={host.readOnly}
          disabled={isSlider && host.readOnly}
          onInput={() => {
            begun ??= target();
          }}
          onChange={write}
        />
        <Show when={isSlider}>
          <output class="tabular">{stored() ?? "–"}</output>
        </Show>
      </div>
      <Show when={fault()}>
        <p class="span-lost" role="alert">
          <bdi>{fault()}</bdi>
        </p>
      </Show>
    </div>
  );
}
