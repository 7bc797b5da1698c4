import "./view.css";
import { createMemo, createUniqueId, For, onCleanup, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { type ConfigItem, findItem, flattenItems, itemsOf } from "../../config/items";
import type { JsonArray, JsonValue } from "../../config/json";
import type { TagViewProps } from "../_contract/contract";
import { word } from "../_contract/words";

type Path = readonly string[];

export default function Choices(props: TagViewProps) {
  const { host } = props;
  const group = createUniqueId();
  const items = createMemo(() => itemsOf(props.node, host.data));
  const nested = readFlag(props.node, "allowNested");
  const many = readText(props.node, "choice") === "multiple";
  const chosen = createMemo((): readonly Path[] => readChosen(props));
  // Without `allowNested` only the last part of a path is stored.
  const same = (a: Path, b: Path) => (nested ? samePath(a, b) : a.at(-1) === b.at(-1));
  const isOn = (path: Path) => chosen().some((other) => same(other, path));
  const layout = () => (readFlag(props.node, "showInline") ? "inline" : readText(props.node, "layout"));

  const write = (paths: readonly Path[]) => {
    const value: JsonArray = nested ? paths : paths.map((path) => path.at(-1) ?? "");
    host.setValue(props.node, paths.length ? { choices: value } : null);
  };
  const toggle = (path: Path, title: string) => {
    if (host.readOnly || !host.visible(props.node)) return;
    const on = isOn(path);
    const rest = many ? chosen().filter((other) => !same(other, path)) : [];
    write(on ? rest : [...rest, path]);
    host.announce(word(on ? "takenBack" : "chosen", { title }));
  };

  return (
    <Show
      when={layout() !== "select"}
      fallback={
        <SelectChoices {...props} entries={entriesOf(items())} isOn={isOn} write={write} many={many} />
      }
    >
      <fieldset class="choices" data-layout={layout()}>
        <legend class="visually-hidden">{props.node.name}</legend>
        <For each={items()}>
          {(item) => (
            <ChoiceRow
              {...props}
              item={item}
              path={[item.stored]}
              group={group}
              many={many}
              isOn={isOn}
              toggle={toggle}
            />
          )}
        </For>
      </fieldset>
    </Show>
  );
}

interface RowProps extends TagViewProps {
  readonly item: ConfigItem;
  readonly path: Path;
  readonly group: string;
  readonly many: boolean;
  readonly isOn: (path: Path) => boolean;
  readonly toggle: (path: Path, title: string) => void;
}

function ChoiceRow(props: RowProps) {
  const key = props.host.itemKey(props.node, props.item.stored);
  const toggle = () => props.toggle(props.path, props.item.value);
  if (key) onCleanup(props.host.onKey(key, toggle, word("choose", { title: props.item.value })));
  return (
    <>
      <label class="choice" title={props.item.hint ?? undefined} style={{ "--depth": props.path.length - 1 }}>
        <input
          type={props.many ? "checkbox" : "radio"}
          name={props.group}
          checked={props.isOn(props.path)}
          disabled={props.host.readOnly}
          aria-keyshortcuts={key ?? undefined}
          onChange={(event) => {
            toggle();
            event.currentTarget.checked = props.isOn(props.path);
          }}
          // A chosen radio button can be taken back by another click.
          onClick={() => !props.many && props.isOn(props.path) && toggle()}
        />
        <span>{props.item.value}</span>
        <Show when={key}>
          <span class="key-cap" aria-hidden="true">
            {key}
          </span>
        </Show>
      </label>
      <For each={props.item.children}>
        {(child) => <ChoiceRow {...props} item={child} path={[...props.path, child.stored]} />}
      </For>
    </>
  );
}

interface Entry {
  readonly path: Path;
  /** What is shown, with what it lies in. */
  readonly title: string;
}

/** A list shows no tree: choices within choices stand below the one they lie in. */
function entriesOf(items: readonly ConfigItem[], above: Entry = { path: [], title: "" }): readonly Entry[] {
  return items.flatMap((item) => {
    const title = above.title ? `${above.title} / ${item.value}` : item.value;
    const entry = { path: [...above.path, item.stored], title };
    return [entry, ...entriesOf(item.children, entry)];
  });
}

function SelectChoices(
  props: TagViewProps & {
    entries: readonly Entry[];
    isOn: (path: Path) => boolean;
    many: boolean;
    write: (paths: readonly Path[]) => void;
  },
) {
  return (
    <select
      class="choices-select"
      aria-label={props.node.name ?? "Choices"}
      multiple={props.many}
      disabled={props.host.readOnly}
      onChange={(event) =>
        props.write(
          Array.from(event.currentTarget.selectedOptions).flatMap((option) => {
            const entry = props.entries[Number(option.value || -1)];
            return entry ? [entry.path] : [];
          }),
        )
      }
    >
      <Show when={!props.many}>
        <option value="">—</option>
      </Show>
      <For each={props.entries}>
        {(entry, index) => (
          <option value={index()} selected={props.isOn(entry.path)}>
            {entry.title}
          </option>
        )}
      </For>
    </select>
  );
}

/** What is chosen, as paths of stored values; what the list does not know is kept as written. */
function readChosen({ node, host }: TagViewProps): readonly Path[] {
  const target = host.valueTarget(node);
  if (!target) return [];
  const query = target.region === undefined ? {} : { region: target.region };
  const item = host.results({
    from: node.name ?? "",
    ...query,
    ...(target.item === undefined ? {} : { item: target.item }),
  })[0];
  const stored = item?.value?.choices;
  const list = typeof stored === "string" ? [stored] : Array.isArray(stored) ? (stored as JsonValue[]) : [];
  const items = flattenItems(itemsOf(node, host.data));
  return list.map((one) => {
    if (Array.isArray(one)) return one.map(String);
    return [findItem(items, String(one))?.stored ?? String(one)];
  });
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}
