/** Every action with its keys, to be found, changed by pressing others, and put back. */
import { createMemo, createResource, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { commands, standardKeys } from "../../app/commands";
import { keyCaps } from "../../app/hotkeys";
import { locale } from "../../app/i18n";
import { changeKeys, isOwn, type KeyChanges, keysOf, pressOf } from "../../app/keymap";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { toast } from "../../ui/toasts";
import { imageActions, type LabelAction, labelActions } from "../label/actions";
import { tinyKey } from "../label/keys";
import { relationActions } from "../label/relations/actions";
import { fetchWords as fetchRelationWords } from "../label/relations/words";
import { fetchWords as fetchLabelWords } from "../label/words";
import { clashes, type KeyRow, type OtherKey, rowsOf, searched } from "./rows";
import { fetchWords, say } from "./words";
import "./keys.css";

/** Doubles and the ways out: these keep their keys. */
const fixed = new Set(["label.backspace", "label.escape"]);

export interface KeyEditorProps {
  readonly onClose: () => void;
  /** Keys that the open task's configuration gives. */
  readonly taken?: readonly OtherKey[];
}

export default function KeyEditor(props: KeyEditorProps) {
  const [spoken] = createResource(locale, (now) =>
    Promise.all([fetchWords(now), fetchLabelWords(now), fetchRelationWords(now)]),
  );
  return (
    <Show when={spoken()}>
      <Editor {...props} />
    </Show>
  );
}

const rowOf = (group: string) => (action: LabelAction) => ({
  id: action.id,
  title: action.title,
  group,
  standard: action.keys,
  keys: keysOf(action.id, action.keys),
});

function allRows(): readonly KeyRow[] {
  const screen = Object.values(labelActions()).filter((action) => !fixed.has(action.id));
  const relations = Object.values(relationActions()).map((one) => ({ ...one, keys: tinyKey(one.keys) }));
  const everywhere = commands().filter((command) => !/^(?:label|image|relation)\./.test(command.id));
  return rowsOf([
    ...[...screen, ...relations].map(rowOf(say("labeling"))),
    ...imageActions().map(rowOf(say("picture"))),
    ...everywhere.map((command) => ({
      id: command.id,
      title: command.title,
      group: command.group || say("everywhere"),
      standard: standardKeys(command.id),
      keys: command.keys,
    })),
  ]);
}

/** Keys in words, for names and messages. */
const spelled = (keys: string | undefined) =>
  keys
    ? keyCaps(keys)
        .map((press) => press.join(" "))
        .join(", ")
    : say("noKey");

function Editor(props: KeyEditorProps) {
  const [query, setQuery] = createSignal("");
  const [pressing, setPressing] = createSignal<string | null>(null);
  const [asking, setAsking] = createSignal<{ row: KeyRow; keys: string; others: readonly KeyRow[] } | null>(
    null,
  );
  const [told, setTold] = createSignal("");
  const rows = createMemo(allRows);
  const shown = createMemo(() => searched(rows(), query(), spelled));
  const byId = createMemo(() => new Map(rows().map((row) => [row.id, row])));
  const groups = () => [...new Set(shown().map((row) => row.group))];
  const idsIn = (group: string) =>
    shown()
      .filter((row) => row.group === group)
      .map((row) => row.id);
  const changedIds = () => rows().filter((row) => isOwn(row.id));
  const taken = () => props.taken ?? [];

  const change = async (changes: KeyChanges, message: string) => {
    setAsking(null);
    setTold(message);
    if (!(await changeKeys(changes))) toast(say("onDevice"));
  };
  const assign = (row: KeyRow, keys: string) => {
    setPressing(null);
    if (keys === row.keys) return;
    const others = clashes(rows(), [], row, keys).rows;
    if (others.length) setAsking({ row, keys, others });
    else void change({ [row.id]: keys }, say("changed", { action: row.title, keys: spelled(keys) }));
  };
  const takeOver = () => {
    const asked = asking();
    if (!asked) return;
    const gone = Object.fromEntries(asked.others.map((other) => [other.id, null]));
    const message = say("changed", { action: asked.row.title, keys: spelled(asked.keys) });
    void change({ ...gone, [asked.row.id]: asked.keys }, message);
  };
  const press = (row: KeyRow) => {
    setAsking(null);
    const begins = pressing() !== row.id;
    setPressing(begins ? row.id : null);
    setTold(begins ? say("pressing", { action: row.title }) : say("givenUp"));
  };
  /** No keys (null), or the standard ones again (undefined). */
  const give = (row: KeyRow, keys: null | undefined) => {
    const now = keys === undefined ? row.standard : undefined;
    void change({ [row.id]: keys }, say("changed", { action: row.title, keys: spelled(now) }));
  };
  const resetAll = () =>
    void change(Object.fromEntries(changedIds().map((row) => [row.id, undefined])), say("resetAll"));

  /** While keys are waited for, no one else gets them: Escape must not close the dialog. */
  const listen = (event: KeyboardEvent) => {
    const row = rows().find((one) => one.id === pressing());
    if (!row) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Escape") {
      setPressing(null);
      setTold(say("givenUp"));
      return;
    }
    const keys = pressOf(event);
    if (keys !== null) assign(row, keys);
  };
  onMount(() => {
    window.addEventListener("keydown", listen, { capture: true });
    onCleanup(() => window.removeEventListener("keydown", listen, { capture: true }));
  });

  return (
    <Dialog
      open
      size="large"
      title={say("title")}
      description={say("hint")}
      onClose={() => props.onClose()}
      footer={
        <Button disabled={!changedIds().length} onClick={resetAll}>
          {say("resetAll")}
        </Button>
      }
    >
      <div class="key-editor">
        <input
          class="input"
          type="search"
          placeholder={say("find")}
          aria-label={say("find")}
          value={query()}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <For each={groups()}>
          {(group) => (
            <section>
              <h3>{group}</h3>
              <ul>
                {/* By id: a row whose keys changed stays where it is, and keeps the focus. */}
                <For each={idsIn(group)}>
                  {(id) => (
                    <Show when={byId().get(id)}>
                      {(row) => (
                        <Row
                          row={row()}
                          pressing={pressing() === id}
                          meets={meeting(rows(), taken(), row())}
                          asking={asking()?.row.id === id ? asking() : null}
                          onPress={() => press(row())}
                          onBlur={() => setPressing((now) => (now === id ? null : now))}
                          onChange={(keys) => give(row(), keys)}
                          onTakeOver={takeOver}
                          onLeave={() => setAsking(null)}
                        />
                      )}
                    </Show>
                  )}
                </For>
              </ul>
            </section>
          )}
        </For>
        <Show when={!shown().length}>
          <p class="muted">{say("noneFound")}</p>
        </Show>
        <Show when={taken().length && !query()}>
          <section>
            <h3>{say("labels")}</h3>
            <p class="muted">{say("labelsHint")}</p>
            <ul>
              <For each={taken()}>
                {(one) => (
                  <li class="key-row">
                    <span class="key-title">{one.title}</span>
                    <Kbd caps={keyCaps(one.keys)} />
                  </li>
                )}
              </For>
            </ul>
          </section>
        </Show>
        <div class="visually-hidden" role="status">
          {told()}
        </div>
      </div>
    </Dialog>
  );
}

function meeting(rows: readonly KeyRow[], taken: readonly OtherKey[], row: KeyRow): string {
  const found = clashes(rows, taken, row, row.keys);
  return [...found.rows, ...found.others].map((one) => one.title).join(", ");
}

interface RowProps {
  readonly row: KeyRow;
  readonly pressing: boolean;
  readonly meets: string;
  readonly asking: { readonly keys: string; readonly others: readonly KeyRow[] } | null;
  readonly onPress: () => void;
  readonly onBlur: () => void;
  /** None (null), or the standard ones again (undefined). */
  readonly onChange: (keys: null | undefined) => void;
  readonly onTakeOver: () => void;
  readonly onLeave: () => void;
}

function Row(props: RowProps) {
  return (
    <li class="key-row" data-own={isOwn(props.row.id) ? "" : undefined}>
      <span class="key-title">
        {props.row.title}
        <Show when={props.meets}>
          <span class="key-meets">{say("meets", { other: props.meets })}</span>
        </Show>
      </span>
      <button
        type="button"
        class="key-press"
        aria-pressed={props.pressing}
        onClick={() => props.onPress()}
        onBlur={() => props.onBlur()}
      >
        <span class="visually-hidden">{say("changeOf", { action: props.row.title })} </span>
        <Show when={!props.pressing} fallback={say("press")}>
          <Show when={props.row.keys} fallback={<span class="muted">{say("noKey")}</span>}>
            {(keys) => <Kbd caps={keyCaps(keys())} />}
          </Show>
        </Show>
      </button>
      <Button
        look="quiet"
        size="small"
        icon="x"
        label={say("remove", { action: props.row.title })}
        disabled={!props.row.keys}
        onClick={() => props.onChange(null)}
      />
      <Button
        look="quiet"
        size="small"
        icon="refresh-cw"
        label={say("reset", { action: props.row.title, keys: spelled(props.row.standard) })}
        disabled={!isOwn(props.row.id)}
        onClick={() => props.onChange(undefined)}
      />
      <Show when={props.asking}>
        {(asked) => (
          <div class="key-asking" role="alert">
            <span>
              {say("taken", {
                keys: spelled(asked().keys),
                other: asked()
                  .others.map((other) => other.title)
                  .join(", "),
              })}
            </span>
            <Button size="small" look="primary" onClick={() => props.onTakeOver()}>
              {say("takeOver")}
            </Button>
            <Button size="small" onClick={() => props.onLeave()}>
              {say("leave")}
            </Button>
          </div>
        )}
      </Show>
    </li>
  );
}
