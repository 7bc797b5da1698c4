import "./view.css";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
  untrack,
} from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { findItem, flattenItems, itemsOf } from "../../config/items";
import type { JsonObject } from "../../config/json";
import type { TagNode } from "../../config/tree";
import { type Granularity, widen } from "../../text/granularity";
import type { PaintedSpan } from "../../text/highlight";
import type { ChipSpot } from "../../text/overlay";
import type { UnitSpan } from "../../text/spans";
import { SpanView } from "../../text/spanView";
import type { TextMap } from "../../text/textmap";
import { documentApart } from "../../trust";
import type { HostRegion, TagHost, TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { safeStyle } from "../View/style";
import { openDocument } from "./document";

export interface SurfaceProps extends Omit<TagViewProps, "children"> {
  /** Where a region lies in the text, or null when it cannot be found. */
  readonly locate: (region: HostRegion, map: TextMap) => UnitSpan | null;
  /** A span in the form results carry, or null when it cannot be said. */
  readonly describe: (span: UnitSpan, map: TextMap) => JsonObject | null;
  /** A document to show in a frame of its own, where nothing runs; without it the children are the text. */
  readonly srcdoc?: string;
  /** Whether links of the document may be followed, in a tab of their own. */
  readonly links?: boolean;
  readonly children?: JSX.Element;
}

interface Located {
  readonly region: HostRegion;
  readonly span: UnitSpan;
}

/** A text with spans: what Text and HyperText are made of. */
export function SpanSurface(props: SurfaceProps) {
  const name = () => props.node.name ?? "";
  const { host } = props;
  let frame!: HTMLDivElement;
  let body!: HTMLDivElement;
  let view: SpanView | undefined;
  const [ready, setReady] = createSignal(0);
  const [chips, setChips] = createSignal<readonly ChipSpot[]>([]);
  const [caret, setCaret] = createSignal<{ x: number; y: number; height: number } | null>(null);
  const [pending, setPending] = createSignal<UnitSpan | null>(null);

  const cache = new WeakMap<HostRegion, UnitSpan>();
  const find = (region: HostRegion, map: TextMap) => {
    const known = cache.get(region);
    if (known) return known;
    const span = props.locate(region, map);
    if (span) cache.set(region, span);
    return span;
  };
  const regions = createMemo(() => host.regions(name()));
  const located = createMemo((): readonly Located[] => {
    ready();
    const map = view?.map;
    if (!map) return [];
    return regions().flatMap((region) => {
      const span = region.hidden ? null : find(region, map);
      return span ? [{ region, span }] : [];
    });
  });
  const lost = createMemo(() =>
    ready() ? regions().filter((one) => !one.hidden).length - located().length : 0,
  );

  const color = (region: HostRegion) => {
    const label = region.labels[0];
    return label === undefined
      ? readText(props.node, "highlightColor") || "#888888"
      : host.labelColor(label, name());
  };
  const painted = ({ region, span }: Located, state?: PaintedSpan["state"]): PaintedSpan => ({
    id: region.id,
    start: span.start,
    end: span.end,
    color: color(region),
    state: state ?? (isPredicted(region) ? "predicted" : "plain"),
  });

  const make = (control: TagNode, mark: UnitSpan): boolean => {
    if (!view) return false;
    const span = widen(view.map.text, mark, granularityOf(props, control), { edges: view.map.edges() });
    const value = span && props.describe(span, view.map);
    view.clearMark();
    setPending(null);
    if (!value) return false;
    host.addRegion(control, value);
    return true;
  };

  const marked = (mark: UnitSpan | null) => {
    const control = host.activeControl(name());
    if (!mark || host.readOnly || !readFlag(props.node, "selectionEnabled")) setPending(null);
    else if (control && host.activeLabels(control).length > 0) make(control, mark);
    else setPending(mark);
  };

  /** Moves the selected region to the marked text. */
  const remark = () => {
    const mark = pending() ?? view?.mark() ?? null;
    const [region] = host.selection().flatMap((id) => host.region(id) ?? []);
    const span =
      view && mark && widen(view.map.text, mark, granularityOf(props, null), { edges: view.map.edges() });
    const value = span && view && props.describe(span, view.map);
    if (!region || region.object !== name() || !value || region.locked) return;
    view?.clearMark();
    setPending(null);
    host.updateRegion(region.id, value);
    host.announce(words("regionMoved"));
  };
  onCleanup(host.onKey("=", remark, word("moveRegionTo", { name: name() })));

  const picked = (ids: readonly string[], { add }: { add: boolean }) => {
    const first = ids[0];
    if (first === undefined) return add ? undefined : host.select([]);
    if (add) return host.select([first], "toggle");
    // A click on what is selected goes on to the next span beneath it.
    const now = ids.findIndex((id) => host.selection().includes(id));
    const next = ids.length > 1 && now >= 0 ? (ids[(now + 1) % ids.length] ?? first) : first;
    host.select([next]);
  };

  let leave: (() => void) | undefined;
  const start = (root: HTMLElement, origin: Element) => {
    view?.dispose();
    leave?.();
    const made = new SpanView(root, origin, {
      marked,
      picked,
      hovered: (id) => host.hover(id),
      placed: (spots) => setChips(readFlag(props.node, "showLabels") ? spots : []),
      caret: setCaret,
    });
    view = made;
    const spanOf = (region: HostRegion) => (region.hidden ? null : find(region, made.map));
    leave = host.join({ object: name(), element: frame, text: { view: made, spanOf } });
    setReady((count) => count + 1);
  };

  onMount(() => {
    if (props.srcdoc === undefined) start(body, frame);
    onCleanup(() => {
      view?.dispose();
      leave?.();
    });
    onCleanup(
      host.onPick(name(), (control) => {
        // With a region selected, a label is for the text only if it was marked after that.
        const mark = pending() ?? (host.selection().length ? null : (view?.mark() ?? null));
        return mark !== null && !host.readOnly && make(control, mark);
      }),
    );
  });

  createEffect(() => {
    // Read before the view is asked for: it may come later, when its document has loaded.
    const spans = located().map((one) => painted(one));
    view?.paint(spans);
  });
  createEffect(() => {
    const selected = new Set(host.selection());
    const hovered = host.hovered();
    const top = located().filter(({ region }) => selected.has(region.id) || region.id === hovered);
    view?.paintTop(top.map((one) => painted(one, selected.has(one.region.id) ? "selected" : "hovered")));
  });
  createEffect(
    on(
      createMemo(() => host.selection().join()),
      (selected) => selected && setPending(null),
    ),
  );
  createEffect(() => {
    const [id] = host.selection();
    const one = id === undefined ? undefined : untrack(located).find(({ region }) => region.id === id);
    if (one) view?.reveal(one.span);
  });

  return (
    <div class="span-frame" ref={frame}>
      <Show
        when={props.srcdoc !== undefined}
        fallback={
          <div
            class={`span-body ${readText(props.node, "className")}`}
            style={safeStyle(readText(props.node, "style"))}
            ref={body}
            tabindex="0"
            role="textbox"
            aria-readonly="true"
            aria-multiline="true"
            aria-label={nameOf(name())}
          >
            {props.children}
          </div>
        }
      >
        <iframe
          class="span-document"
          title={nameOf(name())}
          sandbox="allow-same-origin"
          srcdoc={documentApart(props.srcdoc ?? "")}
          onLoad={(event) => {
            const root = openDocument(event.currentTarget, {
              name: nameOf(name()),
              links: props.links ?? false,
            });
            if (root) start(root, root.ownerDocument.documentElement);
          }}
        />
      </Show>
      <div class="span-chips" aria-hidden="true">
        <For each={grouped(chips())}>
          {(group) => (
            <div
              class="span-chip-group"
              style={{ left: `min(${group.x}px, 100% - ${widthOf(host, group.ids)}px)`, top: `${group.y}px` }}
            >
              <For each={group.ids}>
                {(id) => <Chip host={host} region={host.region(id)} color={color} />}
              </For>
            </div>
          )}
        </For>
        <Show when={caret()}>
          {(at) => (
            <div
              class="span-caret"
              style={{ left: `${at().x}px`, top: `${at().y}px`, height: `${at().height}px` }}
            />
          )}
        </Show>
        <Show when={pending()}>
          <div class="span-hint">
            {words("pickForText")}
            <Show when={host.selection().length === 1}>{words("orMoveHere")}</Show>
          </div>
        </Show>
      </div>
      <Show when={lost() > 0}>
        <p class="span-lost">{word("lostRegions", { count: lost() })}</p>
      </Show>
    </div>
  );
}

function nameOf(name: string): string {
  return word("textName", { name });
}

function Chip(props: {
  host: TagHost;
  region: HostRegion | undefined;
  color: (region: HostRegion) => string;
}) {
  return (
    <Show when={props.region?.labels.length ? props.region : undefined}>
      {(region) => (
        <span
          class="span-chip"
          data-predicted={isPredicted(region()) ? "" : undefined}
          style={{ "--label": props.color(region()) }}
        >
          {chipTitle(props.host, region())}
        </span>
      )}
    </Show>
  );
}

function chipTitle(host: TagHost, region: HostRegion): string {
  return region.labels.map((label) => host.labelTitle(label, region.object)).join(", ");
}

/** About how wide chips are, at most 16 letters each: those at the end of a line move back into sight. */
function widthOf(host: TagHost, ids: readonly string[]): number {
  const titles = ids.flatMap((id) => host.region(id) ?? []).map((region) => chipTitle(host, region));
  return titles.reduce((sum, title) => sum + Math.min(16, title.length) * 6.5 + 10, 0);
}

function isPredicted(region: HostRegion): boolean {
  return region.items[0]?.origin === "prediction";
}

/** Spans that begin at the same place share one row of chips. */
function grouped(chips: readonly ChipSpot[]): { x: number; y: number; ids: string[] }[] {
  const groups = new Map<string, { x: number; y: number; ids: string[] }>();
  for (const { id, x, y } of chips) {
    const key = `${Math.round(x)} ${Math.round(y)}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { x, y, ids: [id] });
  }
  return [...groups.values()];
}

/** A label's own granularity overrides the text's. */
function granularityOf(props: SurfaceProps, control: TagNode | null): Granularity {
  const [label] = control ? props.host.activeLabels(control) : [];
  const items = control ? flattenItems(itemsOf(control, props.host.data)) : [];
  const own = label === undefined ? undefined : findItem(items, label)?.node;
  return ((own && readText(own, "granularity")) ||
    readText(props.node, "granularity") ||
    "symbol") as Granularity;
}
