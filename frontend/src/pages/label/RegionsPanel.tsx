/**
 * The list of regions: the accessible mirror of what is drawn, with the same selection. Only rows on screen
 * are in the page; the list itself has the focus and says which row is active.
 */
import { createEffect, createMemo, createSignal, createUniqueId, For, on, Show } from "solid-js";
import type { HostRegion } from "../../tags/_contract/contract";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { describeItem } from "./describe";
import { createFixedRows } from "./fixedRows";
import type { LabelHost } from "./host";
import { say } from "./words";

const ROW = 28;

export function RegionsPanel(props: { host: LabelHost }) {
  const { host } = props;
  const id = createUniqueId();
  const [query, setQuery] = createSignal("");
  const [active, setActive] = createSignal<string | null>(null);
  const [anchor, setAnchor] = createSignal<string | null>(null);
  let scroller!: HTMLDivElement;

  const all = createMemo(() => host.regions());
  const shown = createMemo(() => {
    const words = query().trim().toLowerCase();
    return words ? all().filter((region) => textOf(region).includes(words)) : all();
  });
  const selected = createMemo(() => new Set(host.selection()));
  const virtual = createFixedRows({
    count: () => shown().length,
    rowHeight: ROW,
    scroller: () => scroller,
    more: 8,
  });
  const indexOf = (key: string | null) => shown().findIndex((region) => region.id === key);

  // The list follows the selection made elsewhere.
  createEffect(
    on(
      () => host.selection().at(-1),
      (key) => {
        if (key === undefined) return;
        setActive(key);
        const index = indexOf(key);
        if (index >= 0) virtual.reveal(index);
      },
    ),
  );

  const choose = (region: HostRegion, event: MouseEvent | KeyboardEvent) => {
    setActive(region.id);
    if (event.shiftKey && anchor() !== null) return host.select(between(shown(), anchor(), region.id));
    setAnchor(region.id);
    host.select([region.id], event.ctrlKey || event.metaKey ? "toggle" : "replace");
  };

  const moveTo = (index: number, event: KeyboardEvent) => {
    const region = shown()[Math.max(0, Math.min(index, shown().length - 1))];
    if (!region) return;
    if (event.ctrlKey || event.metaKey) setActive(region.id);
    else choose(region, event);
    virtual.reveal(indexOf(region.id));
  };

  const onKey = (event: KeyboardEvent) => {
    const at = indexOf(active());
    const region = shown()[at];
    const page = Math.max(1, Math.floor(scroller.clientHeight / ROW) - 1);
    const act: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1, event),
      ArrowUp: () => moveTo(at < 0 ? 0 : at - 1, event),
      PageDown: () => moveTo(at + page, event),
      PageUp: () => moveTo(at - page, event),
      Home: () => moveTo(0, event),
      End: () => moveTo(shown().length - 1, event),
      " ": () => region && host.select([region.id], "toggle"),
      Enter: () => region && choose(region, event),
      ...(event.altKey && region
        ? {
            h: () => host.setHidden([region.id], !region.hidden),
            l: () => host.setLocked([region.id], !region.locked),
          }
        : {}),
    };
    const run = act[event.key];
    if (!run || (event.altKey && event.key.startsWith("Arrow"))) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };

  const anyHidden = () => all().some((region) => region.hidden);
  return (
    <section class="regions" aria-labelledby={`${id}-title`}>
      <header class="side-head">
        <h2 id={`${id}-title`}>
          {say("regions")} <span class="muted tabular">{all().length}</span>
        </h2>
        <Show when={all().length}>
          <Button
            look="quiet"
            size="small"
            onClick={() =>
              host.setHidden(
                all().map((region) => region.id),
                !anyHidden(),
              )
            }
          >
            {anyHidden() ? say("showAll") : say("hideAll")}
          </Button>
        </Show>
      </header>
      <Show when={all().length > 7}>
        <input
          class="answer regions-search"
          type="search"
          placeholder={say("findRegion")}
          aria-label={say("findRegion")}
          value={query()}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </Show>
      <div
        ref={scroller}
        class="regions-list"
        role="treegrid"
        tabindex="0"
        aria-label={say("regions")}
        aria-multiselectable="true"
        aria-rowcount={shown().length}
        aria-activedescendant={indexOf(active()) >= 0 ? `${id}-${indexOf(active())}` : undefined}
        onKeyDown={onKey}
        onMouseLeave={() => host.hover(null)}
      >
        <div class="regions-height" role="rowgroup" style={{ height: `${virtual.height()}px` }}>
          <For each={virtual.rows()}>
            {(slot) => (
              <Show when={shown()[slot.index]}>
                {(region) => (
                  <Row
                    host={host}
                    region={region()}
                    id={`${id}-${slot.index}`}
                    index={slot.index}
                    count={shown().length}
                    start={slot.start}
                    selected={selected().has(region().id)}
                    active={active() === region().id}
                    onChoose={choose}
                  />
                )}
              </Show>
            )}
          </For>
        </div>
        <Show when={!shown().length}>
          <div role="row" class="regions-none muted">
            <span role="gridcell">{all().length ? say("noneFound") : say("noRegions")}</span>
          </div>
        </Show>
      </div>
    </section>
  );
}

interface RowProps {
  readonly host: LabelHost;
  readonly region: HostRegion;
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly start: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly onChoose: (region: HostRegion, event: MouseEvent) => void;
}

function Row(props: RowProps) {
  const name = () => titleOf(props.host, props.region);
  const color = () => {
    const [label] = props.region.labels;
    return label === undefined ? "var(--text-faint)" : props.host.labelColor(label, props.region.object);
  };
  const score = () => props.region.items.find((item) => typeof item.score === "number")?.score;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the focus and the keys
    <div
      id={props.id}
      class="region-row"
      role="row"
      aria-level={1}
      aria-rowindex={props.index + 1}
      aria-setsize={props.count}
      aria-posinset={props.index + 1}
      aria-selected={props.selected}
      data-active={props.active ? "" : undefined}
      data-hidden={props.region.hidden ? "" : undefined}
      style={{ translate: `0 ${props.start}px`, "--label": color() }}
      onClick={(event) => props.onChoose(props.region, event)}
      onMouseEnter={() => props.host.hover(props.region.id)}
    >
      <span class="region-name" role="gridcell">
        <span class="label-dot" aria-hidden="true" />
        <b>{name()}</b>
        <span class="region-text">{describeItem(props.region)}</span>
      </span>
      <Show when={props.host.remarks[0]().get(props.region.id)}>
        {(count) => (
          <span class="region-said" role="gridcell" aria-label={`${say("comments")}: ${count()}`}>
            {count()}
          </span>
        )}
      </Show>
      <Show when={score() !== undefined}>
        <span class="region-score tabular" role="gridcell">
          {score()?.toFixed(2)}
        </span>
      </Show>
      <span class="region-actions" role="gridcell">
        <RowAction
          on={props.region.hidden}
          label={say(props.region.hidden ? "show" : "hide", { region: name() })}
          icon={props.region.hidden ? "eye-off" : "eye"}
          run={() => props.host.setHidden([props.region.id], !props.region.hidden)}
        />
        <RowAction
          on={props.region.locked}
          label={say(props.region.locked ? "unlock" : "lock", { region: name() })}
          icon={props.region.locked ? "lock" : "lock-open"}
          run={() => props.host.setLocked([props.region.id], !props.region.locked)}
        />
      </span>
    </div>
  );
}

function RowAction(props: { on: boolean; label: string; icon: IconName; run: () => void }) {
  return (
    <button
      type="button"
      class="region-action"
      tabindex="-1"
      aria-pressed={props.on}
      aria-label={props.label}
      title={props.label}
      onClick={(event) => {
        event.stopPropagation();
        props.run();
      }}
    >
      <Icon name={props.icon} size={14} />
    </button>
  );
}

/** The labels of a region as shown. */
export function titleOf(host: LabelHost, region: HostRegion): string {
  return region.labels.map((label) => host.labelTitle(label, region.object)).join(", ") || say("noLabel");
}

function textOf(region: HostRegion): string {
  return `${region.labels.join(" ")} ${describeItem(region)} ${region.object}`.toLowerCase();
}

function between(regions: readonly HostRegion[], from: string | null, to: string): readonly string[] {
  const ids = regions.map((region) => region.id);
  const [low, high] = [ids.indexOf(from ?? to), ids.indexOf(to)].sort((a, b) => a - b);
  return ids.slice(Math.max(0, low ?? 0), (high ?? 0) + 1);
}
