/**
 * Painting of spans without touching the text: the CSS Custom Highlight API, one highlight per look.
 *
 * Where the browser lacks it, translucent boxes are laid behind the spans on screen instead. Either way the
 * document's nodes stay as they were, so paths and offsets stay those of the source.
 */
import type { TextMap } from "./textmap";

export type SpanState = "plain" | "hovered" | "selected" | "predicted";

export interface PaintedSpan {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly color: string;
  readonly state: SpanState;
}

export interface SpanPainter {
  /** Shows exactly these spans. */
  paint(map: TextMap, spans: readonly PaintedSpan[]): void;
  /** Called after scrolling or resizing; only the fallback has work to do. */
  refresh(): void;
  dispose(): void;
}

/** A painter for a document: highlights where the browser has them, boxes elsewhere. */
export function createPainter(root: HTMLElement): SpanPainter {
  const view = root.ownerDocument.defaultView as (Window & typeof globalThis) | null;
  const registry = view?.CSS && "highlights" in view.CSS ? view.CSS.highlights : undefined;
  if (view && registry && typeof view.Highlight === "function")
    return new HighlightPainter(root, registry, view);
  return new BoxPainter(root);
}

let painters = 0;

class HighlightPainter implements SpanPainter {
  readonly #prefix = `sky${++painters}`;
  readonly #style: HTMLStyleElement;
  #names = new Map<string, string>();

  constructor(
    root: HTMLElement,
    readonly registry: HighlightRegistry,
    readonly view: Window & typeof globalThis,
  ) {
    this.#style = root.ownerDocument.createElement("style");
    root.ownerDocument.head.append(this.#style);
  }

  paint(map: TextMap, spans: readonly PaintedSpan[]): void {
    const groups = new Map<string, PaintedSpan[]>();
    for (const span of spans) {
      const look = `${span.state} ${span.color}`;
      const group = groups.get(look);
      if (group) group.push(span);
      else groups.set(look, [span]);
    }
    this.#declare([...groups.keys()]);
    for (const [look, name] of this.#names) {
      const group = groups.get(look);
      if (!group) {
        this.registry.delete(name);
        continue;
      }
      const highlight = new this.view.Highlight();
      for (const span of group) {
        const range = map.rangeOf(span.start, span.end);
        if (range) highlight.add(range);
      }
      highlight.priority = priorities[group[0]?.state ?? "plain"];
      this.registry.set(name, highlight);
    }
  }

  refresh(): void {}

  dispose(): void {
    for (const name of this.#names.values()) this.registry.delete(name);
    this.#style.remove();
  }

  #declare(looks: readonly string[]): void {
    const fresh = looks.filter((look) => !this.#names.has(look));
    if (!fresh.length) return;
    for (const look of fresh) this.#names.set(look, `${this.#prefix}-${this.#names.size}`);
    this.#style.textContent = [...this.#names]
      .map(([look, name]) => `::highlight(${name}) { ${declarations(look)} }`)
      .join("\n");
  }
}

const priorities: Record<SpanState, number> = { predicted: 0, plain: 1, hovered: 2, selected: 3 };
const strengths: Record<SpanState, number> = { predicted: 12, plain: 26, hovered: 38, selected: 55 };
const lines: Record<SpanState, string> = {
  predicted: "dashed 2px",
  plain: "solid 2px",
  hovered: "solid 2px",
  selected: "solid 3px",
};

/** The CSS of a look. Never colour alone: state shows in the underline too. */
function declarations(look: string): string {
  const [state, ...rest] = look.split(" ");
  const color = safeColor(rest.join(" "));
  const known = state as SpanState;
  const [style, width] = (lines[known] ?? "solid 2px").split(" ");
  return `background-color: color-mix(in srgb, ${color} ${strengths[known]}%, transparent); text-decoration: underline ${style} ${width} ${color}; text-underline-offset: 3px;`;
}

/** A colour of a configuration, or grey when it could be anything but a colour. */
export function safeColor(color: string): string {
  return /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl|oklch|lab|lch|oklab|hwb)a?\([\d\s.,%/a-z+-]*\))$/i.test(
    color.trim(),
  )
    ? color.trim()
    : "#888888";
}

class BoxPainter implements SpanPainter {
  readonly #layer: HTMLElement;
  #map: TextMap | null = null;
  #spans: readonly PaintedSpan[] = [];

  constructor(readonly root: HTMLElement) {
    this.#layer = root.ownerDocument.createElement("div");
    this.#layer.setAttribute("aria-hidden", "true");
    this.#layer.style.cssText = "position:absolute;inset:0;pointer-events:none;overflow:hidden";
    root.parentElement?.append(this.#layer);
  }

  paint(map: TextMap, spans: readonly PaintedSpan[]): void {
    this.#map = map;
    this.#spans = spans;
    this.refresh();
  }

  refresh(): void {
    const frame = this.#layer.getBoundingClientRect();
    const boxes = this.#spans.flatMap((span) => {
      const range = this.#map?.liveRangeOf(span.start, span.end);
      return Array.from(range?.getClientRects() ?? [], (rect) => ({ rect, span }));
    });
    const bottom = this.root.ownerDocument.defaultView?.innerHeight ?? 0;
    this.#layer.replaceChildren(
      ...boxes
        .filter(({ rect }) => rect.bottom >= 0 && rect.top <= bottom)
        .map(({ rect, span }) => {
          const box = this.root.ownerDocument.createElement("div");
          box.style.cssText = `position:absolute;left:${rect.left - frame.left}px;top:${rect.top - frame.top}px;width:${rect.width}px;height:${rect.height}px;opacity:${strengths[span.state] / 100};background:${safeColor(span.color)}`;
          return box;
        }),
    );
  }

  dispose(): void {
    this.#layer.remove();
  }
}
