/** Code in a plain text area with line numbers; faults stand at their line and are listed below with a way there. */
import { createUniqueId, For, Show } from "solid-js";
import { Icon } from "./Icon";
import "./CodeField.css";
import { type CodeFault, positionOf } from "./codePlace";

export function CodeField(props: {
  label: string;
  labelHidden?: boolean;
  value: string;
  onInput: (value: string) => void;
  faults: readonly CodeFault[];
  /** Names a fault's place, such as "Line 3". */
  lineName: (line: number) => string;
  rows?: number;
}) {
  const id = createUniqueId();
  let area!: HTMLTextAreaElement;
  let gutter!: HTMLDivElement;
  const lineCount = () => props.value.split("\n").length;
  const isFaulty = (line: number) => props.faults.some((fault) => fault.line === line);

  const goTo = (fault: CodeFault) => {
    const at = positionOf(props.value, fault.line ?? 1, fault.column ?? 1);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, ((fault.line ?? 1) - 3) * 18);
  };

  /** A new line begins as deep as the one before. Tab stays free to leave the field. */
  const indent = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { selectionStart, selectionEnd, value } = area;
    const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
    const depth = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (depth === "") return;
    event.preventDefault();
    area.setRangeText(`\n${depth}`, selectionStart, selectionEnd, "end");
    props.onInput(area.value);
  };

  return (
    <div class="code">
      <label for={id} class={props.labelHidden ? "visually-hidden" : "field-label"}>
        {props.label}
      </label>
      <div class="code-frame" data-faulty={props.faults.length > 0 ? "" : undefined}>
        <div class="code-gutter" ref={gutter} aria-hidden="true">
          <For each={Array.from({ length: lineCount() }, (_, i) => i + 1)}>
            {(line) => <div data-faulty={isFaulty(line) ? "" : undefined}>{line}</div>}
          </For>
        </div>
        <textarea
          ref={area}
          id={id}
          class="code-area"
          dir="ltr"
          wrap="off"
          rows={props.rows ?? 18}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-invalid={props.faults.length > 0 ? "true" : undefined}
          aria-describedby={props.faults.length > 0 ? `${id}-faults` : undefined}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onKeyDown={indent}
          onScroll={() => {
            gutter.scrollTop = area.scrollTop;
          }}
        />
      </div>
      <Show when={props.faults.length > 0}>
        <ul class="code-faults" id={`${id}-faults`}>
          <For each={props.faults}>
            {(fault) => (
              <li>
                <button type="button" onClick={() => goTo(fault)}>
                  <Icon name="triangle-alert" size={14} />
                  <Show when={fault.line}>{(line) => <strong>{props.lineName(line())}</strong>}</Show>
                  <span>{fault.message}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
