import "./view.css";
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { type ConfigItem, itemsOf, listItems } from "../../config/items";
import type { JsonValue } from "../../config/json";
import type { TagViewProps } from "../_contract/contract";
import { readPaths } from "../_contract/valueCodec";
import { word, words } from "../_contract/words";

type Path = readonly string[];

interface Branch {
  readonly item: ConfigItem;
  readonly path: Path;
  readonly titles: Path;
}

export default function Taxonomy(props: TagViewProps) {
  const { host, node } = props;
  const [query, setQuery] = createSignal("");
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set<string>());
  const [active, setActive] = createSignal(0);
  const [remote] = createResource(() => loadTree(props));
  const items = createMemo(() => [...itemsOf(node, host.data), ...(remote() ?? [])]);
  const chosen = createMemo((): readonly Path[] => {
    const target = host.valueTarget(node);
    const stored = target
      ? host.results({ from: node.name ?? "", ...target })[0]?.value?.taxonomy
      : undefined;
    return stored === undefined ? [] : (readPaths(stored) ?? []);
  });
  const separator = () => readText(node, "pathSeparator");
  const rows = createMemo(() => rowsOf(items(), query().trim().toLowerCase(), open()));
  const most = () => Number(host.attribute(node, "maxUsages")) || Number.POSITIVE_INFINITY;

  const toggleOpen = (path: Path) => {
    const key = keyOf(path);
    const next = new Set(open());
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const toggle = ({ item, path, titles }: Branch) => {
    if (host.readOnly) return;
    if (readFlag(node, "leafsOnly") && item.children.length) return toggleOpen(path);
    const on = chosen().some((other) => keyOf(other) === keyOf(path));
    if (!on && chosen().length >= most()) return host.announce(word("noMoreThan", { most: most() }));
    const next = on ? chosen().filter((other) => keyOf(other) !== keyOf(path)) : [...chosen(), path];
    host.setValue(node, next.length ? { taxonomy: next } : null);
    host.announce(word(on ? "takenBack" : "chosen", { title: titles.join(", ") }));
  };
  const onKey = (event: KeyboardEvent) => {
    const row = rows()[active()];
    const acts: Record<string, () => void> = {
      ArrowDown: () => setActive(Math.min(active() + 1, rows().length - 1)),
      ArrowUp: () => setActive(Math.max(active() - 1, 0)),
      ...(row?.item.children.length && query() === ""
        ? {
            ArrowRight: () => !open().has(keyOf(row.path)) && toggleOpen(row.path),
            ArrowLeft: () => open().has(keyOf(row.path)) && toggleOpen(row.path),
          }
        : {}),
      Enter: () => row && toggle(row),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  const titleOf = (path: Path) => {
    const titles = titlesOf(items(), path);
    return readFlag(node, "showFullPath") ? titles.join(separator()) : (titles.at(-1) ?? "");
  };

  const id = `taxonomy-${node.index}`;
  return (
    <div class="taxonomy" style={{ "max-inline-size": readText(node, "maxWidth") || undefined }}>
      <ul class="taxonomy-chosen" aria-label={word("chosenIn", { name: node.name ?? "" })}>
        <For each={chosen()}>
          {(path) => (
            <li>
              <span title={path.join(separator())}>{titleOf(path)}</span>
              <button
                type="button"
                aria-label={word("takeBack", { title: titleOf(path) })}
                disabled={host.readOnly}
                onClick={() => {
                  const rest = chosen().filter((other) => keyOf(other) !== keyOf(path));
                  host.setValue(node, rest.length ? { taxonomy: rest } : null);
                }}
              >
                ×
              </button>
            </li>
          )}
        </For>
      </ul>
      <input
        class="answer"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={rows().length ? `${id}-${active()}` : undefined}
        aria-label={node.name ?? "Taxonomy"}
        placeholder={readText(node, "placeholder")}
        value={query()}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <Show when={remote.error}>
        <p class="tag-error" role="alert">
          {words("noTree")}
        </p>
      </Show>
      <div
        class="taxonomy-tree"
        role="tree"
        id={id}
        aria-label={node.name ?? "Taxonomy"}
        aria-multiselectable="true"
      >
        <For each={rows().slice(0, 300)}>
          {(row, index) => {
            const on = () => chosen().some((other) => keyOf(other) === keyOf(row.path));
            const isOpen = () => query() !== "" || open().has(keyOf(row.path));
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
              <div
                id={`${id}-${index()}`}
                class="taxonomy-row"
                role="treeitem"
                tabindex="-1"
                aria-level={row.path.length}
                aria-expanded={row.item.children.length ? isOpen() : undefined}
                aria-selected={on()}
                data-active={index() === active() ? "" : undefined}
                style={{ "padding-inline-start": `${(row.path.length - 1) * 18 + 6}px` }}
                title={row.item.hint ?? undefined}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  setActive(index());
                  toggle(row);
                }}
              >
                <Show when={row.item.children.length} fallback={<span class="taxonomy-twist" />}>
                  <span
                    class="taxonomy-twist"
                    aria-hidden="true"
                    onClick={(event) => {
                      event.stopPropagation();
                      toggleOpen(row.path);
                    }}
                  >
                    {isOpen() ? "▾" : "▸"}
                  </span>
                </Show>
                <span class="taxonomy-tick" aria-hidden="true">
                  {on() ? "✓" : ""}
                </span>
                {row.item.value}
              </div>
            );
          }}
        </For>
      </div>
    </div>
  );
}

const keyOf = (path: Path) => JSON.stringify(path);

function rowsOf(items: readonly ConfigItem[], query: string, open: ReadonlySet<string>): readonly Branch[] {
  const rows: Branch[] = [];
  const matches = (item: ConfigItem): boolean =>
    item.value.toLowerCase().includes(query) || item.children.some(matches);
  const visit = (list: readonly ConfigItem[], path: Path, titles: Path) => {
    for (const item of list) {
      if (query && !matches(item)) continue;
      const own = { item, path: [...path, item.stored], titles: [...titles, item.value] };
      rows.push(own);
      if (query || open.has(keyOf(own.path))) visit(item.children, own.path, own.titles);
    }
  };
  visit(items, [], []);
  return rows;
}

function titlesOf(items: readonly ConfigItem[], path: Path): Path {
  const titles: string[] = [];
  let list = items;
  for (const step of path) {
    const item = list.find((one) => one.stored === step) ?? list.find((one) => one.value === step);
    titles.push(item?.value ?? step);
    list = item?.children ?? [];
  }
  return titles;
}

async function loadTree({ node, host }: TagViewProps): Promise<readonly ConfigItem[]> {
  const address = readText(node, "apiUrl", host.data);
  if (!address) return [];
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const body = (await answer.json()) as JsonValue | { items: JsonValue };
  const list = Array.isArray(body) ? body : (body as { items?: JsonValue }).items;
  return listItems(list ?? []);
}
