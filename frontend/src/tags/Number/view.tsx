import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { parseHotkey } from "../../config/hotkeys";
import type { TagViewProps } from "../_contract/contract";
import { word } from "../_contract/words";

export default function NumberField(props: TagViewProps) {
  const { host, node } = props;
  let field!: HTMLInputElement;
  const bound = (name: string) => {
    const value = host.attribute(node, name);
    return typeof value === "number" ? value : undefined;
  };
  const [fault, setFault] = createSignal("");
  const stored = createMemo(() => {
    const target = host.valueTarget(node);
    return target ? host.results({ from: node.name ?? "", ...target })[0]?.value?.number : undefined;
  });
  const write = () => {
    setFault(field.validity.badInput || field.validity.valid === false ? field.validationMessage : "");
    if (!field.validity.valid) return;
    host.setValue(node, field.value === "" ? null : { number: field.valueAsNumber });
  };
  for (const key of parseHotkey(readText(node, "hotkey")))
    onCleanup(host.onKey(key, () => field.focus(), word("goTo", { name: node.name ?? "" })));
  const isSlider = readFlag(node, "slider");
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
          value={typeof stored() === "number" ? String(stored()) : isSlider ? String(bound("min") ?? 0) : ""}
          placeholder={readText(node, "defaultValue")}
          readOnly={host.readOnly}
          onChange={write}
        />
        <Show when={isSlider}>
          <output class="tabular">{typeof stored() === "number" ? String(stored()) : "–"}</output>
        </Show>
      </div>
      <Show when={fault()}>
        <p class="span-lost" role="alert">
          {fault()}
        </p>
      </Show>
    </div>
  );
}
