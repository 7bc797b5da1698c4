/** Which data a preview shows, and the field for one's own. */
import { Show } from "solid-js";
import { CodeField } from "../../ui/CodeField";
import { Select } from "../../ui/Select";
import type { DataChoice, PreviewData } from "./previewData";
import { say } from "./words";

export function PreviewDataSelect(props: { data: PreviewData }) {
  const options = () => [
    ...props.data
      .tasks()
      .map((id) => ({ value: `${id}` as DataChoice, label: say("dataTask", { id: `${id}` }) })),
    { value: "sample" as DataChoice, label: say("dataSample") },
    { value: "own" as DataChoice, label: say("dataOwn") },
  ];
  return (
    <Select
      label={say("data")}
      labelHidden
      options={options()}
      value={props.data.choice()}
      onChange={props.data.choose}
    />
  );
}

export function PreviewDataField(props: { data: PreviewData }) {
  const faults = () => {
    const fault = props.data.fault();
    if (!fault) return [];
    const message = fault.message === null ? say("notTask") : say("notJson", { message: fault.message });
    return [{ ...fault, message }];
  };
  return (
    <>
      <Show when={props.data.problem()}>
        <p class="preview-stale" role="alert">
          {props.data.problem()}
        </p>
      </Show>
      <Show when={props.data.choice() === "own"}>
        <div class="preview-own">
          <CodeField
            label={say("ownData")}
            value={props.data.own()}
            onInput={props.data.setOwn}
            faults={faults()}
            lineName={(line) => say("config.line", { line })}
            rows={6}
          />
          <p class="muted">{say("ownHint")}</p>
        </div>
      </Show>
    </>
  );
}
