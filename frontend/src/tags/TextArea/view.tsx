import "./view.css";
import { createEffect, createMemo, createSignal, For, Index, on, onCleanup, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { itemsOf } from "../../config/items";
import type { TagViewProps, ValueTarget } from "../_contract/contract";
import { readTexts } from "../_contract/valueCodec";
import { word, words } from "../_contract/words";

/** With one submission only, the field is the text itself; with more, texts are added to a list. */
export default function TextArea(props: TagViewProps) {
  const { host, node } = props;
  const rows = () => Number(host.attribute(node, "rows")) || 1;
  const most = () => Number(host.attribute(node, "maxSubmissions")) || Number.POSITIVE_INFINITY;
  const target = createMemo(() => host.valueTarget(node));
  const textsAt = (at: ValueTarget | null): readonly string[] => {
    if (!at) return [];
    const stored = host.results({ from: node.name ?? "", ...at })[0]?.value?.text;
    return stored === undefined ? [] : (readTexts(stored) ?? []);
  };
  const texts = createMemo(() => textsAt(target()));
  const write = (next: readonly string[], at: ValueTarget | null) => {
    if (at) host.setValue(node, next.length ? { text: next } : null, at);
  };
  const single = () => most() === 1;
  return (
    <div class="textarea">
      <Show
        when={single()}
        fallback={
          <Many {...props} texts={texts()} textsAt={textsAt} write={write} rows={rows()} most={most()} />
        }
      >
        <Field
          {...props}
          rows={rows()}
          text={texts()[0] ?? offered(props)}
          commit={(text, at) => write(text ? [text] : [], at)}
        />
      </Show>
    </div>
  );
}

function offered({ node, host }: TagViewProps): string {
  return readText(node, "value", host.data);
}

interface FieldProps extends TagViewProps {
  readonly rows: number;
  readonly text: string;
  /** Called when the text is done with: on leaving the field, and after a pause. */
  readonly commit: (text: string, at: ValueTarget | null) => void;
  readonly onEnter?: (text: string, at: ValueTarget | null) => void;
  readonly label?: string;
}

/** Milliseconds of rest after which what is written counts as one step. */
const REST_MS = 600;

function Field(props: FieldProps) {
  let field!: HTMLTextAreaElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What is written belongs to the region that was selected when writing began.
  let begun: { readonly at: ValueTarget | null; readonly from: string } | null = null;
  const place = createMemo(() => JSON.stringify(props.host.valueTarget(props.node)));
  const commit = () => {
    clearTimeout(timer);
    if (begun && field.value !== begun.from) props.commit(field.value, begun.at);
    begun = null;
  };
  const enter = () => {
    const at = begun ? begun.at : props.host.valueTarget(props.node);
    begun = null;
    props.onEnter?.(field.value, at);
    field.value = "";
  };
  /** Nobody is here any more who would end it with Enter. */
  const leave = () => {
    if (!props.onEnter) commit();
    else if (begun) enter();
  };
  createEffect(
    on([() => props.text, place], ([text, now]) => {
      // Texts that come and go beside it do not end what is being written.
      if (begun && props.onEnter && JSON.stringify(begun.at) === now) return;
      leave();
      if (field.value !== text) field.value = text;
    }),
  );
  onCleanup(leave);
  onCleanup(
    props.host.onSubmit(() => {
      if (!props.onEnter) commit();
      else if (field.value.trim()) enter();
      return undefined;
    }),
  );
  const insert = (text: string) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    begun ??= { at: props.host.valueTarget(props.node), from: props.text };
    if (!props.onEnter) commit();
  };
  return (
    <div class="textarea-field">
      <textarea
        ref={field}
        class="answer"
        rows={props.rows}
        aria-label={props.label ?? props.node.name ?? "Text"}
        placeholder={readText(props.node, "placeholder", props.host.data)}
        readOnly={props.host.readOnly}
        onInput={() => {
          clearTimeout(timer);
          begun ??= { at: props.host.valueTarget(props.node), from: props.text };
          if (!props.onEnter) timer = setTimeout(commit, REST_MS);
        }}
        onBlur={() => !props.onEnter && commit()}
        onKeyDown={(event) => {
          // Keys that end the composing of a word mean nothing else.
          if (event.isComposing) return;
          if (event.key === "Escape") field.blur();
          if (!props.onEnter || event.key !== "Enter" || (event.shiftKey && props.rows > 1)) return;
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          enter();
        }}
      />
      <Shortcuts {...props} insert={insert} />
      <Show when={props.onEnter && (readFlag(props.node, "showSubmitButton") || props.rows > 1)}>
        <button type="button" class="button" data-look="plain" data-size="small" onClick={enter}>
          {words("add")}
        </button>
      </Show>
    </div>
  );
}

function Shortcuts(props: TagViewProps & { insert: (text: string) => void }) {
  const items = () => itemsOf(props.node, props.host.data).filter((item) => item.node?.type === "Shortcut");
  return (
    <Show when={items().length}>
      <div class="textarea-shortcuts">
        <For each={items()}>
          {(item) => (
            <button
              type="button"
              class="button"
              data-look="plain"
              data-size="small"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => props.insert(item.value)}
            >
              {item.alias ?? item.value}
            </button>
          )}
        </For>
      </div>
    </Show>
  );
}

interface ManyProps extends TagViewProps {
  readonly texts: readonly string[];
  readonly textsAt: (at: ValueTarget | null) => readonly string[];
  readonly write: (texts: readonly string[], at: ValueTarget | null) => void;
  readonly rows: number;
  readonly most: number;
}

function Many(props: ManyProps) {
  const [refused, setRefused] = createSignal("");
  const editable = () =>
    !props.host.readOnly && (readFlag(props.node, "editable") || readFlag(props.node, "transcription"));
  const add = (text: string, at: ValueTarget | null) => {
    const trimmed = text.trim();
    if (!trimmed) return;
    const before = props.textsAt(at);
    const known = before.some((other) => other.toLowerCase() === trimmed.toLowerCase());
    if (known && readFlag(props.node, "skipDuplicates")) {
      setRefused(word("isThere", { text: trimmed }));
      return;
    }
    setRefused("");
    props.write([...before, trimmed], at);
    props.host.announce(word("added", { text: trimmed }));
  };
  const replace = (index: number, text: string, at = props.host.valueTarget(props.node)) =>
    props.write(
      props.textsAt(at).flatMap((other, place) => (place === index ? (text ? [text] : []) : [other])),
      at,
    );
  return (
    <>
      <ul class="textarea-list">
        <Index each={props.texts}>
          {(text, index) => (
            <li>
              <Show when={editable()} fallback={<span class="textarea-text">{text()}</span>}>
                <Field
                  {...props}
                  rows={props.rows}
                  text={text()}
                  label={word("textNumber", { number: index + 1 })}
                  commit={(next, at) => replace(index, next, at)}
                />
              </Show>
              <Show when={!props.host.readOnly}>
                <button
                  type="button"
                  class="button"
                  data-look="quiet"
                  data-size="small"
                  aria-label={word("removeText", { number: index + 1 })}
                  onClick={() => replace(index, "")}
                >
                  ×
                </button>
              </Show>
            </li>
          )}
        </Index>
      </ul>
      <Show
        when={!props.host.readOnly && props.texts.length < props.most && readFlag(props.node, "allowSubmit")}
      >
        <Field
          {...props}
          rows={props.rows}
          text={props.texts.length ? "" : offered(props)}
          commit={() => {}}
          onEnter={add}
        />
      </Show>
      <Show when={refused()}>
        <p class="span-lost" role="alert">
          {refused()}
        </p>
      </Show>
    </>
  );
}
