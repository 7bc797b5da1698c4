/**
 * Code in a plain text area with line numbers, so that writing, undoing and reading aloud are the browser's own.
 * Faults are marked in the text, stand at their line, and are listed below with a way there. What may be written
 * next is offered under the caret.
 */
import { createMemo, createSignal, createUniqueId, For, Index, onMount, Show } from "solid-js";
import { type CaretRect, type CodeOffer, CodeOptions } from "./CodeOptions";
import { replaceText } from "./codeInsert";
import { codePieces } from "./codeMarks";
import { type CodeFault, positionOf } from "./codePlace";
import { Icon } from "./Icon";
import "./CodeField.css";

/** What may be written next, and how that is said. */
export interface CodeCompletion {
  /** Null when there is nothing to say; `asked` when somebody wants to know. */
  offer: (text: string, at: number, asked: boolean) => CodeOffer | null;
  /** Names the list. */
  label: string;
  /** Says how many there are. */
  count: (count: number) => string;
}

/** What the place around a field may do to it. */
export interface CodeHandle {
  /** Writes another text, which undoing takes back. */
  replace: (text: string) => void;
}

export function CodeField(props: {
  label: string;
  labelHidden?: boolean;
  value: string;
  onInput: (value: string) => void;
  faults: readonly CodeFault[];
  /** Names a fault's place, such as "Line 3". */
  lineName: (line: number) => string;
  rows?: number;
  /** Its parts are told apart by colour. */
  isXml?: boolean;
  completion?: CodeCompletion;
  /** Tells where the caret is. */
  onCaret?: (at: number) => void;
  ready?: (handle: CodeHandle) => void;
}) {
  const id = createUniqueId();
  let area!: HTMLTextAreaElement;
  let gutter!: HTMLDivElement;
  let mirror!: HTMLPreElement;
  const [offer, setOffer] = createSignal<(CodeOffer & { at: CaretRect }) | null>(null);
  const [chosen, setChosen] = createSignal(0);
  let accepting = false;
  const lineCount = createMemo(() => props.value.split("\n").length);
  const faulty = createMemo(() => new Set(props.faults.map(({ line }) => line)));
  onMount(() => props.ready?.({ replace: (text) => replaceText(area, 0, area.value.length, text, 0) }));

  const goTo = (fault: CodeFault) => {
    const at = positionOf(props.value, fault.line ?? 1, fault.column ?? 1);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, ((fault.line ?? 1) - 3) * 18);
    props.onCaret?.(at);
  };

  const ask = (asked: boolean) => {
    const at = area.selectionEnd;
    const isPlace = asked || area.selectionStart === at;
    const found = isPlace ? (props.completion?.offer(area.value, at, asked) ?? null) : null;
    setChosen(0);
    setOffer(found && { ...found, at: rectAt(mirror, found.from) });
  };
  const accept = (index: number) => {
    const found = offer();
    const option = found?.options[index];
    if (!found || !option) return;
    accepting = true;
    replaceText(area, found.from, found.to, option.insert, option.caret);
    accepting = false;
    props.onCaret?.(area.selectionEnd);
    ask(false);
  };
  const typed = (event: InputEvent) => {
    props.onInput(area.value);
    props.onCaret?.(area.selectionEnd);
    if (accepting) return;
    if (offer() || event.inputType === "insertText") ask(false);
  };

  /** A new line begins as deep as the one before. Tab stays free to leave the field. */
  const indent = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { selectionStart, selectionEnd, value } = area;
    const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
    const depth = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (depth === "") return;
    event.preventDefault();
    replaceText(area, selectionStart, selectionEnd, `\n${depth}`);
  };
  const choose = (by: number, count: number) => setChosen((index) => (index + by + count) % count);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey && event.key === " ") {
      event.preventDefault();
      ask(true);
      return;
    }
    const found = offer();
    const acts: Record<string, () => void> = found
      ? {
          ArrowDown: () => choose(1, found.options.length),
          ArrowUp: () => choose(-1, found.options.length),
          Enter: () => accept(chosen()),
          Escape: () => setOffer(null),
        }
      : {};
    const act = event.isComposing || event.ctrlKey || event.metaKey ? undefined : acts[event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    } else indent(event);
  };
  /** The caret went elsewhere. */
  const moved = () => {
    props.onCaret?.(area.selectionEnd);
    const found = offer();
    if (found && (area.selectionEnd < found.from || area.selectionEnd > found.to)) setOffer(null);
  };
  const scrolled = () => {
    gutter.scrollTop = area.scrollTop;
    mirror.scrollTop = area.scrollTop;
    mirror.scrollLeft = area.scrollLeft;
  };
  /** The list goes along with its place, as far as that can be seen. */
  const follow = () => {
    scrolled();
    const frame = area.getBoundingClientRect();
    setOffer((found) => {
      const at = found && rectAt(mirror, found.from);
      const isSeen = at && at.bottom > frame.top && at.top < frame.bottom;
      return isSeen ? { ...found, at } : null;
    });
  };

  return (
    <div class="code">
      <label for={id} class={props.labelHidden ? "visually-hidden" : "field-label"}>
        {props.label}
      </label>
      <div
        class="code-frame"
        data-faulty={props.faults.length > 0 ? "" : undefined}
        data-xml={props.isXml ? "" : undefined}
      >
        <div class="code-gutter" ref={gutter} aria-hidden="true">
          <For each={Array.from({ length: lineCount() }, (_, i) => i + 1)}>
            {(line) => <div data-faulty={faulty().has(line) ? "" : undefined}>{line}</div>}
          </For>
        </div>
        <div class="code-body">
          <pre class="code-mirror" ref={mirror} aria-hidden="true" dir="ltr">
            <Index each={codePieces(props.value, props.faults, props.isXml)}>
              {(piece) => (
                <span data-faulty={piece().isFaulty ? "" : undefined} data-kind={piece().kind}>
                  {piece().text}
                </span>
              )}
            </Index>
            {"\n"}
          </pre>
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
            aria-autocomplete={props.completion ? "list" : undefined}
            aria-controls={offer() ? `${id}-options` : undefined}
            aria-activedescendant={offer() ? `${id}-options-${chosen()}` : undefined}
            value={props.value}
            onInput={typed}
            onKeyDown={press}
            onKeyUp={moved}
            onClick={moved}
            onBlur={() => setOffer(null)}
            onScroll={scrolled}
          />
        </div>
      </div>
      <Show when={offer()}>
        {(found) => (
          <CodeOptions
            id={`${id}-options`}
            label={props.completion?.label ?? ""}
            options={found().options}
            chosen={chosen()}
            at={found().at}
            onChoose={accept}
            onScroll={follow}
          />
        )}
      </Show>
      <Show when={props.completion}>
        {(completion) => (
          <p class="visually-hidden" role="status">
            {offer() ? completion().count(offer()?.options.length ?? 0) : ""}
          </p>
        )}
      </Show>
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

/** Where a place of the text is on the screen, read from the text drawn beneath the area. */
function rectAt(mirror: HTMLElement, at: number): CaretRect {
  const range = document.createRange();
  let left = at;
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left <= length) {
      range.setStart(node, left);
      break;
    }
    left -= length;
  }
  range.collapse(true);
  return range.getClientRects()[0] ?? mirror.getBoundingClientRect();
}
