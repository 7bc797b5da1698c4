/** The labeling config as text, checked and completed while it is written. */
import { createMemo, createSignal, For, lazy, Show, Suspense } from "solid-js";
import { Button } from "../../ui/Button";
import { CodeField, type CodeHandle } from "../../ui/CodeField";
import { Icon } from "../../ui/Icon";
import { say } from "../playground/words";
import type { ConfigCheck } from "./configCheck";
import "./ConfigEditor.css";

const TagReference = lazy(() => import("./TagReference"));

export function ConfigEditor(props: {
  config: string;
  onInput: (config: string) => void;
  check: ConfigCheck;
  /** The page says it already. */
  labelHidden?: boolean;
  /** What it can be put back to. */
  original?: string;
  /** Keys of the data it is for. */
  keys?: readonly string[];
  rows?: number;
}) {
  const [caret, setCaret] = createSignal(0);
  const [handle, setHandle] = createSignal<CodeHandle | null>(null);
  const tag = createMemo(() => props.check.compiler()?.tagAt(props.config, caret()));
  const isChanged = () => props.original !== undefined && props.config !== props.original;
  return (
    <div class="config">
      <CodeField
        label={say("config.title")}
        labelHidden={props.labelHidden ?? false}
        value={props.config}
        onInput={props.onInput}
        faults={props.check.faults()}
        lineName={(line) => say("config.line", { line })}
        rows={props.rows ?? 22}
        isXml
        onCaret={setCaret}
        ready={(ready) => setHandle(ready)}
        completion={{
          offer: (text, at, asked) =>
            props.check.compiler()?.suggest(text, at, { asked, keys: props.keys ?? [] }) ?? null,
          label: say("suggestions"),
          count: (count) => say("suggestionCount", { count }),
        }}
      />
      <div class="config-foot">
        <State check={props.check} />
        <Show when={isChanged()}>
          <Button size="small" look="quiet" onClick={() => handle()?.replace(props.original ?? "")}>
            {say("reset")}
          </Button>
        </Show>
      </div>
      <Warnings check={props.check} />
      <p class="config-hint muted">{say("completeHint")}</p>
      <Suspense>
        <Show when={tag()} keyed>
          {(schema) => <TagReference schema={schema} />}
        </Show>
      </Suspense>
    </div>
  );
}

function State(props: { check: ConfigCheck }) {
  return (
    <p class="config-state" role="status">
      <Show when={props.check.state() === "good"}>
        <Icon name="circle-check" size={14} class="config-good" />
        {say("config.good")}
      </Show>
      <Show when={props.check.state() === "checking"}>{say("config.checking")}</Show>
      <Show when={props.check.state() === "faulty"}>
        {say("config.faulty", { count: props.check.faults().length })}
      </Show>
      <Show when={props.check.state() === "unchecked"}>{say("config.unchecked")}</Show>
    </p>
  );
}

function Warnings(props: { check: ConfigCheck }) {
  return (
    <Show when={props.check.state() === "good" && props.check.warnings().length > 0}>
      <ul class="config-warnings" aria-label={say("config.warnings")}>
        <For each={props.check.warnings()}>
          {({ line, message }) => (
            <li>
              <Show when={line !== null}>
                <strong>{say("config.line", { line: Number(line) })}</strong>{" "}
              </Show>
              {message}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
