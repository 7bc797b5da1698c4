/**
 * A text on screen with its spans: painting, picking, selecting by mouse and by keys. No view library, and the
 * text's own nodes are never changed; whoever mounts it says what spans there are and hears what happens.
 */
import { createPainter, type PaintedSpan, type SpanPainter } from "./highlight";
import { type ChipSpot, chipSpots, unitAt, visibleUnits } from "./overlay";
import { IntervalIndex } from "./pick";
import type { UnitSpan } from "./spans";
import { TextMap } from "./textmap";

/** The second release of a double click is no click of its own. */
const DOUBLE_CLICK_MS = 400;

export interface SpanViewEvents {
  /** A piece of text was marked (not yet widened), by mouse or keys; null when the mark is gone. */
  marked(span: UnitSpan | null, by: "pointer" | "keys"): void;
  /** Spans were clicked, inner first; none for a click beside all of them. */
  picked(ids: readonly string[], event: { readonly add: boolean }): void;
  hovered(id: string | null): void;
  /** Chips have new places. */
  placed(chips: readonly ChipSpot[]): void;
  /** The caret of the keyboard moved; null while the text has no focus. */
  caret(box: { readonly x: number; readonly y: number; readonly height: number } | null): void;
}

/** What is drawn beside the spans, and takes clicks before they do. */
export interface SpanCompanion {
  /** Looks where spans are, of those on screen; gives what draws, for when everyone has looked. */
  measure(shown: UnitSpan): () => void;
  /** Whether a click at this place of the text's own window is for it; then it has acted on it. */
  takes(x: number, y: number): boolean;
}

export class SpanView {
  map: TextMap;
  companion: SpanCompanion | undefined;
  #index = new IntervalIndex([]);
  readonly #base: SpanPainter;
  readonly #top: SpanPainter;
  readonly #stops: (() => void)[] = [];
  #frame = 0;
  #markedAt = Number.NEGATIVE_INFINITY;
  #pressed: { x: number; y: number } | null = null;

  /** `root` holds the text, `frame` is the positioned box that chips are placed in. */
  constructor(
    readonly root: HTMLElement,
    readonly frame: Element,
    readonly events: SpanViewEvents,
  ) {
    this.map = new TextMap(root);
    this.#base = createPainter(root);
    this.#top = createPainter(root);
    const { defaultView } = root.ownerDocument;
    this.#on(root, "pointerdown", (event) => this.#down(event));
    this.#on(root.ownerDocument, "pointerup", (event) => this.#up(event));
    this.#on(root, "pointermove", (event) => this.#move(event));
    this.#on(root, "pointerleave", () => this.events.hovered(null));
    this.#on(root, "keydown", (event) => this.#key(event));
    this.#on(root, "focus", () => this.#tellCaret());
    this.#on(root, "blur", () => this.events.caret(null));
    const place = () => this.place();
    const outer = defaultView?.frameElement?.ownerDocument;
    for (const document of outer ? [root.ownerDocument, outer] : [root.ownerDocument]) {
      document.addEventListener("scroll", place, { capture: true, passive: true });
      this.#stops.push(() => document.removeEventListener("scroll", place, { capture: true }));
    }
    if (defaultView?.ResizeObserver) {
      const observer = new defaultView.ResizeObserver(place);
      observer.observe(root);
      this.#stops.push(() => observer.disconnect());
    }
  }

  /** Reads the text again, after its content changed. */
  reread(): void {
    this.map = new TextMap(this.root);
  }

  /** Shows all spans, without their selection. */
  paint(spans: readonly PaintedSpan[]): void {
    this.#index = new IntervalIndex(spans);
    this.#base.paint(this.map, spans);
    this.place();
  }

  /** Shows the few that are selected or hovered, over the rest. */
  paintTop(spans: readonly PaintedSpan[]): void {
    this.#top.paint(this.map, spans);
  }

  /** Places chips at the next frame. */
  place(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#base.refresh();
      this.#top.refresh();
      const shown = visibleUnits(this.map, this.root);
      const chips = chipSpots(this.map, this.#index, this.frame, shown);
      const draw = this.companion?.measure(shown);
      this.events.placed(chips);
      draw?.();
    });
  }

  /** The marked piece of text, or null. */
  mark(): UnitSpan | null {
    const selection = this.#selection();
    if (!selection || selection.isCollapsed || !selection.anchorNode || !selection.focusNode) return null;
    const anchor = this.map.unitsAt(selection.anchorNode, selection.anchorOffset);
    const focus = this.map.unitsAt(selection.focusNode, selection.focusOffset);
    if (anchor === null || focus === null || anchor === focus) return null;
    return { start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
  }

  /** Takes the mark away; the caret stays at its end. */
  clearMark(): void {
    const selection = this.#selection();
    if (selection && !selection.isCollapsed && this.#holdsSelection()) selection.collapseToEnd();
    this.events.marked(null, "keys");
    this.#tellCaret();
  }

  /** Brings a span into view. */
  reveal(span: UnitSpan): void {
    const range = this.map.liveRangeOf(span.start, span.end);
    const box = range?.getBoundingClientRect();
    const height = this.root.ownerDocument.defaultView?.innerHeight ?? 0;
    if (!range || !box || (box.top >= 80 && box.bottom <= height - 20)) return;
    const at = range.startContainer.parentElement;
    at?.scrollIntoView({ block: "center" });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
    this.#base.dispose();
    this.#top.dispose();
  }

  #on<Name extends keyof HTMLElementEventMap>(
    target: EventTarget,
    name: Name,
    run: (event: HTMLElementEventMap[Name]) => void,
  ): void {
    target.addEventListener(name, run as (event: Event) => void);
    this.#stops.push(() => target.removeEventListener(name, run as (event: Event) => void));
  }

  #selection(): Selection | null {
    return this.root.ownerDocument.getSelection();
  }

  #holdsSelection(): boolean {
    const node = this.#selection()?.anchorNode;
    return !!node && this.root.contains(node);
  }

  #down(event: PointerEvent): void {
    if (event.button === 0) this.#pressed = { x: event.clientX, y: event.clientY };
  }

  #up(event: PointerEvent): void {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (!pressed) return;
    // The browser settles its selection after pointerup.
    setTimeout(() => {
      const mark = this.mark();
      if (mark) {
        this.#markedAt = event.timeStamp;
        this.events.marked(mark, "pointer");
        return;
      }
      if (event.timeStamp - this.#markedAt < DOUBLE_CLICK_MS) return;
      if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 4) return;
      this.events.marked(null, "pointer");
      if (this.companion?.takes(event.clientX, event.clientY)) return;
      const ids = this.#idsAt(event.clientX, event.clientY);
      this.events.picked(ids, { add: event.shiftKey || event.ctrlKey || event.metaKey });
    });
  }

  #move(event: PointerEvent): void {
    if (!event.buttons) this.events.hovered(this.#idsAt(event.clientX, event.clientY)[0] ?? null);
  }

  #idsAt(x: number, y: number): readonly string[] {
    const unit = unitAt(this.map, this.root.ownerDocument, x, y);
    if (unit === null) return [];
    const boxes = this.map.liveRangeOf(Math.max(0, unit - 1), Math.min(this.map.text.length, unit + 1));
    const near = Array.from(boxes?.getClientRects() ?? []).some(
      (box) => x >= box.left - 4 && x <= box.right + 4 && y >= box.top - 4 && y <= box.bottom + 4,
    );
    if (!near) return [];
    // A caret position lies between characters: the pointer may be over the one before.
    const before = this.map.liveRangeOf(unit, unit + 1)?.getBoundingClientRect();
    const at = before && x < before.left && unit > 0 ? unit - 1 : unit;
    return this.#index.at(at).map((span) => span.id);
  }

  #key(event: KeyboardEvent): void {
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      this.#moveCaret(event, move);
      return;
    }
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const mark = this.mark();
      if (mark) this.events.marked(mark, "keys");
      else this.#pickAtCaret();
    }
    if (event.key === "Escape" && this.mark()) {
      event.stopPropagation();
      this.clearMark();
    }
  }

  #moveCaret(event: KeyboardEvent, move: Move): void {
    const selection = this.#selection();
    if (!selection) return;
    if (!this.#holdsSelection()) {
      const start = this.map.spotAt(0);
      if (start) selection.collapse(start.node, start.offset);
      if (!event.shiftKey) {
        this.#tellCaret();
        return;
      }
    }
    const ends = (event.ctrlKey || event.metaKey) && move.by === "lineboundary";
    if (ends) this.#goTo(selection, move.to === "forward" ? this.map.text.length : 0, event.shiftKey);
    else {
      const before = this.#focusUnit(selection);
      const by = (event.ctrlKey || event.altKey) && move.by === "character" ? "word" : move.by;
      selection.modify(event.shiftKey ? "extend" : "move", move.to, by);
      // Where the browser sees no line beyond this block, the next block is the next line.
      if (move.by === "line" && before !== null && before === this.#focusUnit(selection))
        this.#goTo(selection, this.#blockBeside(before, move.to), event.shiftKey);
    }
    this.#keepInside(selection);
    this.#tellCaret();
  }

  #focusUnit(selection: Selection): number | null {
    const node = selection.focusNode;
    return node && this.map.unitsAt(node, selection.focusOffset);
  }

  #blockBeside(unit: number, to: Move["to"]): number {
    const edges = this.map.edges();
    const here = edges.findLastIndex((edge) => edge <= unit);
    return to === "forward" ? (edges[here + 1] ?? this.map.text.length) : (edges[here - 1] ?? 0);
  }

  #goTo(selection: Selection, unit: number, extend: boolean): void {
    const spot = this.map.spotAt(unit, unit >= this.map.text.length);
    if (!spot) return;
    if (extend) selection.extend(spot.node, spot.offset);
    else selection.collapse(spot.node, spot.offset);
  }

  /** Steps over the edge of the text are taken back. */
  #keepInside(selection: Selection): void {
    const focus = selection.focusNode;
    if (focus && this.root.contains(focus)) return;
    const end = this.map.spotAt(this.map.text.length, true);
    if (end) selection.collapse(end.node, end.offset);
  }

  #pickAtCaret(): void {
    const selection = this.#selection();
    if (!selection?.focusNode) return;
    const unit = this.map.unitsAt(selection.focusNode, selection.focusOffset);
    if (unit !== null)
      this.events.picked(
        this.#index.at(unit).map((span) => span.id),
        { add: false },
      );
  }

  #tellCaret(): void {
    const selection = this.#selection();
    const focused = this.root.ownerDocument.activeElement === this.root;
    if (!focused || !selection?.focusNode || !this.root.contains(selection.focusNode)) {
      this.events.caret(null);
      return;
    }
    const range = this.root.ownerDocument.createRange();
    range.setStart(selection.focusNode, selection.focusOffset);
    const box = range.getClientRects()[0] ?? (selection.focusNode as Element).getBoundingClientRect?.();
    const origin = this.frame.getBoundingClientRect();
    this.events.caret(
      box ? { x: box.left - origin.left, y: box.top - origin.top, height: box.height } : null,
    );
  }
}

interface Move {
  readonly to: "forward" | "backward" | "left" | "right";
  readonly by: "character" | "line" | "lineboundary";
}

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: { to: "left", by: "character" },
  ArrowRight: { to: "right", by: "character" },
  ArrowUp: { to: "backward", by: "line" },
  ArrowDown: { to: "forward", by: "line" },
  Home: { to: "backward", by: "lineboundary" },
  End: { to: "forward", by: "lineboundary" },
};
