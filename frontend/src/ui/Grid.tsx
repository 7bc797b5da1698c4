/**
 * A table of any length: only the rows in sight exist. One tab stop; arrows move the active row, Shift extends
 * the selection, Space ticks, Enter opens. Rows not yet fetched are drawn as grey lines.
 */
import { createVirtualizer, defaultRangeExtractor, type Range } from "@tanstack/solid-virtual";
import {
  createEffect,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  on,
  onMount,
  Show,
  untrack,
} from "solid-js";
import "./Grid.css";
import { Icon } from "./Icon";

export interface GridColumn<Row> {
  id: string;
  title: string;
  /** A CSS track: `80px`, `minmax(160px, 1fr)`. */
  width: string;
  align?: "start" | "end";
  /** Shown instead of the title, such as a box to tick them all. */
  head?: () => JSX.Element;
  cell: (row: Row) => JSX.Element;
  sortable?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface GridProps<Row> {
  label: string;
  columns: readonly GridColumn<Row>[];
  count: number;
  /** The row at a place, undefined while it is being fetched. */
  row: (index: number) => Row | undefined;
  rowHeight: number;
  sort?: Sort | null;
  onSort?: (sort: Sort) => void;
  /** The row the keys act on. */
  active: number;
  onActive: (index: number) => void;
  /** Enter, or a press on the row. */
  onOpen: (index: number) => void;
  isSelected: (index: number) => boolean;
  /** Space, or Shift with a move: everything from `from` to `to` takes the state `selected`. */
  onSelect: (from: number, to: number, selected: boolean) => void;
  /** The rows in sight, so that they can be fetched. */
  onRange: (first: number, last: number) => void;
}

const headHeight = 32;

export function Grid<Row>(props: GridProps<Row>) {
  const id = createUniqueId();
  let root!: HTMLDivElement;
  // Told to the virtualizer once it hangs in the page: before, it belongs to a template, which has no window.
  const [element, setElement] = createSignal<HTMLDivElement | null>(null);
  const virtual = createVirtualizer({
    get count() {
      return props.count;
    },
    getScrollElement: element,
    estimateSize: () => props.rowHeight,
    overscan: 6,
    scrollPaddingStart: headHeight,
    initialOffset: untrack(() => props.active * props.rowHeight),
    // The active row always exists, in sight or not: the grid points to it by id.
    get rangeExtractor() {
      const active = props.active;
      return (range: Range) => {
        const places = new Set(defaultRangeExtractor(range));
        if (active < range.count) places.add(active);
        return [...places].sort((a, b) => a - b);
      };
    },
  });

  createEffect(() => {
    if (virtual.getVirtualItems().length === 0 || !virtual.range) return;
    props.onRange(virtual.range.startIndex, virtual.range.endIndex);
  });
  onMount(() => setElement(root));
  createEffect(
    on(
      () => props.active,
      (index) => virtual.scrollToIndex(index, { align: "auto" }),
      { defer: true },
    ),
  );

  const move = (to: number, extend: boolean) => {
    const next = Math.max(0, Math.min(props.count - 1, to));
    if (extend) props.onSelect(props.active, next, true);
    props.onActive(next);
  };
  const pageRows = () =>
    Math.max(1, Math.floor(((element()?.clientHeight ?? 0) - headHeight) / props.rowHeight) - 1);

  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(props.active + 1, event.shiftKey),
      ArrowUp: () => move(props.active - 1, event.shiftKey),
      PageDown: () => move(props.active + pageRows(), event.shiftKey),
      PageUp: () => move(props.active - pageRows(), event.shiftKey),
      Home: () => move(0, event.shiftKey),
      End: () => move(props.count - 1, event.shiftKey),
      " ": () => props.onSelect(props.active, props.active, !props.isSelected(props.active)),
      Enter: () => props.onOpen(props.active),
    };
    const act = actions[event.key];
    if (!act || props.count === 0) return;
    event.preventDefault();
    act();
  };

  const template = () => props.columns.map((column) => column.width).join(" ");
  /** Every row is as wide as the narrowest tracks together, so that all rows divide the same width alike. */
  const narrowest = () =>
    props.columns.reduce((sum, { width }) => sum + (Number(/(\d+)px/.exec(width)?.[1]) || 0), 0);
  const rowId = (index: number) => `${id}-row-${index}`;

  return (
    <div
      ref={root}
      class="grid"
      role="grid"
      tabindex="0"
      aria-label={props.label}
      aria-rowcount={props.count + 1}
      aria-colcount={props.columns.length}
      aria-multiselectable="true"
      aria-activedescendant={props.count > 0 ? rowId(props.active) : undefined}
      style={{
        "--columns": template(),
        "--row-size": `${props.rowHeight}px`,
        "--narrowest": `${narrowest()}px`,
      }}
      onKeyDown={press}
    >
      <div role="rowgroup" class="grid-head">
        <div role="row" class="grid-row" aria-rowindex={1}>
          <For each={props.columns}>
            {(column) => <HeadCell column={column} sort={props.sort ?? null} onSort={props.onSort} />}
          </For>
        </div>
      </div>
      <div role="rowgroup" class="grid-body" style={{ "block-size": `${virtual.getTotalSize()}px` }}>
        <For each={virtual.getVirtualItems()}>
          {(item) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
            <div
              id={rowId(item.index)}
              role="row"
              tabindex="-1"
              class="grid-row"
              aria-rowindex={item.index + 2}
              aria-selected={props.isSelected(item.index)}
              data-active={item.index === props.active ? "" : undefined}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest("a, button, input, label"))
                  return;
                props.onActive(item.index);
                props.onOpen(item.index);
              }}
            >
              <Show when={props.row(item.index)} fallback={<Waiting columns={props.columns} />}>
                {(row) => (
                  <For each={props.columns}>
                    {(column, place) => (
                      <div
                        role="gridcell"
                        class="grid-cell"
                        data-align={column.align}
                        aria-colindex={place() + 1}
                      >
                        {column.cell(row())}
                      </div>
                    )}
                  </For>
                )}
              </Show>
            </div>
          )}
        </For>
      </div>
    </div>
  );
}

function Waiting<Row>(props: { columns: readonly GridColumn<Row>[] }) {
  return (
    <For each={props.columns}>
      {() => (
        <div role="gridcell" class="grid-cell">
          <span class="grid-waiting" />
        </div>
      )}
    </For>
  );
}

function HeadCell<Row>(props: {
  column: GridColumn<Row>;
  sort: Sort | null;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const mine = () => (props.sort?.column === props.column.id ? props.sort : null);
  const ariaSort = () => {
    if (!props.column.sortable) return undefined;
    const sort = mine();
    return sort ? (sort.descending ? "descending" : "ascending") : "none";
  };
  const next = (): Sort => ({ column: props.column.id, descending: mine() ? !mine()?.descending : false });
  return (
    <div role="columnheader" class="grid-cell" data-align={props.column.align} aria-sort={ariaSort()}>
      <Show when={!props.column.head} fallback={props.column.head?.()}>
        <Show
          when={props.column.sortable && props.onSort}
          fallback={<span class="grid-title">{props.column.title}</span>}
        >
          <button type="button" class="grid-sort" onClick={() => props.onSort?.(next())}>
            <span class="grid-title">{props.column.title}</span>
            <Show when={mine()}>
              {(sort) => <Icon name={sort().descending ? "arrow-down" : "arrow-up"} size={13} />}
            </Show>
          </button>
        </Show>
      </Show>
    </div>
  );
}
