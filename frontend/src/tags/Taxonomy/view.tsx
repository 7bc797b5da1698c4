import "./view.css";
import { createEffect, createMemo, createResource, createSignal, For, on, Show } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { type ConfigItem, findItem, itemsOf } from "../../config/items";
import { isLabeling } from "../../config/results";
import type { TagViewProps } from "../_contract/contract";
import { readPaths } from "../_contract/valueCodec";
import { word, words } from "../_contract/words";
import { fetchBranch } from "./remote";
import { ItemTree, keyOf, type Path } from "./tree";

/** Of `view.css`: rows are of one height, so that those out of sight need not be there. */
const ROW_PX = 26;
const TREE_PX = 260;
/** Rows beyond what is in sight, on either side. */
const MARGIN = 4;
/** Rows that PageUp and PageDown go. */
const PAGE = 9;

export default function Taxonomy(props: TagViewProps) {
  const { host, node } = props;
  const [query, setQuery] = createSignal("");
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set<string>());
  const [active, setActive] = createSignal(0);
  const [scrolled, setScrolled] = createSignal(0);
  const [branches, setBranches] = createSignal<ReadonlyMap<ConfigItem, readonly ConfigItem[]>>(new Map());
  const [lost, setLost] = createSignal(false);
  let list: HTMLDivElement | undefined;
  const address = readText(node, "apiUrl", host.data);
  const [remote] = createResource(() => (address ? fetchBranch(address) : []));
  const top = createMemo((): readonly ConfigItem[] => {
    const own = itemsOf(node, host.data);
    const given = remote.state === "ready" ? remote() : [];
    return given.length > 0 ? [...own, ...given] : own;
  });
  const tree = createMemo(() => {
    const known = branches();
    return new ItemTree(top(), (item) => known.get(item) ?? item.children);
  });
  const labels = isLabeling(node);
  const chosen = createMemo((): readonly Path[] => {
    if (labels) return chosenLabels(props);
    const target = host.valueTarget(node);
    const stored = target
      ? host.results({ from: node.name ?? "", ...target })[0]?.value?.taxonomy
      : undefined;
    return stored === undefined ? [] : (readPaths(stored) ?? []);
  });
  const chosenKeys = createMemo(() => new Set(chosen().map(keyOf)));
  const separator = () => readText(node, "pathSeparator");
  const searched = () => query().trim();
  const rows = createMemo(() => (searched() ? tree().matching(searched()) : tree().rows(open())));
  const first = createMemo(() => Math.max(0, Math.floor(scrolled() / ROW_PX) - MARGIN));
  const inSight = createMemo(() => {
    const count = Math.ceil(TREE_PX / ROW_PX) + 2 * MARGIN;
    return [...rows().subarray(first(), first() + count)];
  });
  const most = () => Number(host.attribute(node, "maxUsages")) || Number.POSITIVE_INFINITY;

  const isOpen = (row: number) => searched() !== "" || open().has(keyOf(tree().pathOf(row)));
  const toggleOpen = (row: number) => {
    const key = keyOf(tree().pathOf(row));
    const next = new Set(open());
    if (!next.delete(key)) next.add(key);
    if (next.has(key) && tree().lacks(row)) void ask(row);
    setOpen(next);
  };
  /** Asks for what lies below a row. */
  const ask = async (row: number) => {
    const item = tree().items[row];
    if (!item || !address) return;
    setLost(false);
    try {
      const found = await fetchBranch(address, tree().pathOf(row));
      setBranches((known) => new Map(known).set(item, found));
    } catch {
      setLost(true);
      setOpen((now) => new Set([...now].filter((key) => key !== keyOf(tree().pathOf(row)))));
    }
  };
  const toggle = (row: number) => {
    if (host.readOnly) return;
    if (readFlag(node, "leafsOnly") && tree().canOpen(row)) return toggleOpen(row);
    const path = tree().pathOf(row);
    if (labels) return host.pickLabel(node, keyOf(path));
    const isOn = chosenKeys().has(keyOf(path));
    if (!isOn && chosen().length >= most()) return host.announce(word("noMoreThan", { most: most() }));
    const next = isOn ? chosen().filter((other) => keyOf(other) !== keyOf(path)) : [...chosen(), path];
    host.setValue(node, next.length ? { taxonomy: next } : null);
    host.announce(word(isOn ? "takenBack" : "chosen", { title: tree().titlesOf(row).join(", ") }));
  };
  const goTo = (index: number) => setActive(Math.max(0, Math.min(index, rows().length - 1)));
  const inward = (row: number) => {
    if (!tree().canOpen(row)) return;
    if (isOpen(row)) goTo(active() + 1);
    else toggleOpen(row);
  };
  const outward = (row: number) => {
    if (tree().canOpen(row) && isOpen(row)) return toggleOpen(row);
    const around = rows().indexOf(tree().parentOf(row));
    if (around >= 0) goTo(around);
  };
  const onKey = (event: KeyboardEvent) => {
    const row = rows()[active()];
    const acts: Record<string, () => void> = {
      ArrowDown: () => goTo(active() + 1),
      ArrowUp: () => goTo(active() - 1),
      PageDown: () => goTo(active() + PAGE),
      PageUp: () => goTo(active() - PAGE),
      // While something is written, they move in what is written.
      ...(row !== undefined && query() === ""
        ? { ArrowRight: () => inward(row), ArrowLeft: () => outward(row) }
        : {}),
      Enter: () => row !== undefined && toggle(row),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  // What is gone to by key is brought into sight.
  createEffect(
    on([active, rows], ([index]) => {
      if (!list) return;
      const at = index * ROW_PX;
      const height = list.clientHeight || TREE_PX;
      if (at < list.scrollTop) list.scrollTop = at;
      else if (at + ROW_PX > list.scrollTop + height) list.scrollTop = at + ROW_PX - height;
      setScrolled(list.scrollTop);
    }),
  );
  const titleOf = (path: Path) => {
    const titles = titlesOf(top(), path);
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
                  if (labels) return host.pickLabel(node, keyOf(path));
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
        aria-activedescendant={rows().length ? `${id}-${rows()[active()]}` : undefined}
        aria-label={node.name ?? "Taxonomy"}
        placeholder={readText(node, "placeholder")}
        value={query()}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <Show when={remote.error || lost()}>
        <p class="tag-error" role="alert">
          {words("noTree")}
        </p>
      </Show>
      <div
        ref={list}
        class="taxonomy-tree"
        role="tree"
        id={id}
        aria-label={node.name ?? "Taxonomy"}
        aria-multiselectable="true"
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      >
        <div role="none" style={{ "block-size": `${rows().length * ROW_PX}px`, position: "relative" }}>
          <div role="none" style={{ transform: `translateY(${first() * ROW_PX}px)` }}>
            <For each={inSight()}>
              {(row, index) => {
                const place = () => first() + index();
                return (
                  <Row
                    id={`${id}-${row}`}
                    tree={tree()}
                    row={row}
                    isOpen={isOpen(row)}
                    isOn={chosenKeys().has(keyOf(tree().pathOf(row)))}
                    isActive={place() === active()}
                    onPick={() => {
                      setActive(place());
                      toggle(row);
                    }}
                    onTwist={() => toggleOpen(row)}
                  />
                );
              }}
            </For>
          </div>
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly tree: ItemTree;
  readonly row: number;
  readonly isOpen: boolean;
  readonly isOn: boolean;
  readonly isActive: boolean;
  readonly onPick: () => void;
  readonly onTwist: () => void;
}

/** Of a tree that labels spans: the places of the selected region, else those picked for the next one. */
function chosenLabels({ node, host }: TagViewProps): readonly Path[] {
  const own = host
    .selection()
    .flatMap((id) => host.results({ from: node.name ?? "", region: id }))
    .map((item) => readPaths(item.value?.taxonomy ?? null));
  return own[0] ?? host.activeLabels(node).map((path) => JSON.parse(path) as Path);
}

function Row(props: RowProps) {
  const item = () => props.tree.items[props.row];
  const place = () => props.tree.placeOf(props.row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
    <div
      id={props.id}
      class="taxonomy-row"
      role="treeitem"
      tabindex="-1"
      aria-level={props.tree.level(props.row)}
      aria-posinset={place().place}
      aria-setsize={place().of}
      aria-expanded={props.tree.canOpen(props.row) ? props.isOpen : undefined}
      aria-selected={props.isOn}
      data-active={props.isActive ? "" : undefined}
      style={{ "padding-inline-start": `${(props.tree.level(props.row) - 1) * 18 + 6}px` }}
      title={item()?.hint ?? undefined}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onPick()}
    >
      <Show when={props.tree.canOpen(props.row)} fallback={<span class="taxonomy-twist" />}>
        <span
          class="taxonomy-twist"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            props.onTwist();
          }}
        >
          {props.isOpen ? "▾" : "▸"}
        </span>
      </Show>
      <span class="taxonomy-tick" aria-hidden="true">
        {props.isOn ? "✓" : ""}
      </span>
      <span class="taxonomy-title">{item()?.value}</span>
    </div>
  );
}

function titlesOf(items: readonly ConfigItem[], path: Path): Path {
  const titles: string[] = [];
  let list = items;
  for (const step of path) {
    const item = findItem(list, step);
    titles.push(item?.value ?? step);
    list = item?.children ?? [];
  }
  return titles;
}
