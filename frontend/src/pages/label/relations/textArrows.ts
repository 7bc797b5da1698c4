/**
 * Arrows between spans of one text. Only those with an end on screen are drawn; where they are is looked up together
 * with the places of labels, before anything is written, so that the browser lays the text out once.
 */
import { distance } from "../../../canvas/geometry/points";
import type { Slot } from "../../../store/ops";
import type { UnitSpan } from "../../../text/spans";
import type { SpanCompanion, SpanView } from "../../../text/spanView";
import { type Arrow, ArrowLayer, type Taken } from "./layer";
import type { ArrowEvents, ArrowPlan } from "./plan";
import { type Box, curveBetween, LABEL_PX } from "./spanCurve";

export interface SpanEnd {
  readonly id: string;
  readonly span: UnitSpan;
}

/** More would hide the text. */
const MOST_ARROWS = 150;
/** Lines of a long span that are looked at: its first and its last. */
const MOST_LINES = 6;
/** How far from the end in sight the label stands when the other end is not. */
const NEAR_PX = 60;

export class TextArrows implements SpanCompanion {
  private readonly layer: ArrowLayer;
  private readonly stops: (() => void)[] = [];
  private plans: readonly ArrowPlan<SpanEnd>[] = [];

  /** `moved` is told at each look, and gives what else is to be drawn after it. */
  constructor(
    private readonly view: SpanView,
    element: Element,
    private readonly events: ArrowEvents,
    private readonly moved: () => () => void = () => () => undefined,
  ) {
    const isFramed = view.root.ownerDocument !== element.ownerDocument;
    this.layer = new ArrowLayer(element, isFramed ? "paper" : "text");
    view.companion = this;
    this.listen();
  }

  set(plans: readonly ArrowPlan<SpanEnd>[]): void {
    this.plans = plans;
    this.view.place();
  }

  light(slots: readonly Slot[]): void {
    this.layer.light(slots);
  }

  measure(shown: UnitSpan): () => void {
    const others = this.moved();
    const origin = this.view.frame.getBoundingClientRect();
    const boxes = new Map<string, readonly Box[]>();
    const boxesOf = ({ id, span }: SpanEnd): readonly Box[] => {
      const known = boxes.get(id) ?? boxesIn(this.view, span, shown, origin);
      boxes.set(id, known);
      return known;
    };
    const seen = this.plans.filter(({ from, to }) => meets(from.span, shown) || meets(to.span, shown));
    const arrows = seen.slice(0, MOST_ARROWS).flatMap((plan): Arrow[] => {
      const [from, to] = [boxesOf(plan.from), boxesOf(plan.to)];
      if (!from.length || !to.length) return [];
      const { slot, direction, label, color } = plan;
      const curve = curveBetween(from, to);
      const near = Math.min(0.5, NEAR_PX / Math.max(1, distance(curve.from, curve.to)));
      const middle = !meets(plan.to.span, shown) ? near : meets(plan.from.span, shown) ? 0.5 : 1 - near;
      return [{ slot, curve, direction, label, color, middle }];
    });
    return () => {
      this.layer.rest(arrows, [...boxes.values()].flatMap(labelOver));
      others();
    };
  }

  takes(x: number, y: number): boolean {
    const slot = this.at(x, y);
    if (slot !== null) this.events.chosen(slot);
    return slot !== null;
  }

  dispose(): void {
    if (this.view.companion === this) this.view.companion = undefined;
    for (const stop of this.stops) stop();
    this.view.root.style.cursor = "";
    this.layer.dispose();
  }

  private at(x: number, y: number): Slot | null {
    if (this.plans.length === 0 || !this.events.free()) return null;
    const origin = this.view.frame.getBoundingClientRect();
    return this.layer.at({ x: x - origin.left, y: y - origin.top });
  }

  private listen(): void {
    const { root } = this.view;
    const point = (slot: Slot | null) => {
      root.style.cursor = slot === null ? "" : "pointer";
      this.events.pointed(slot);
    };
    const move = (event: PointerEvent) =>
      point(event.buttons === 0 ? this.at(event.clientX, event.clientY) : null);
    const leave = () => point(null);
    root.addEventListener("pointermove", move);
    root.addEventListener("pointerleave", leave);
    this.stops.push(
      () => root.removeEventListener("pointermove", move),
      () => root.removeEventListener("pointerleave", leave),
    );
  }
}

/** The labels of a span stand over its beginning. */
function labelOver([first]: readonly Box[]): Taken[] {
  return first ? [{ at: { x: first.left + LABEL_PX / 2, y: first.top - 6 }, width: LABEL_PX }] : [];
}

const meets = (span: UnitSpan, shown: UnitSpan): boolean => span.start < shown.end && span.end > shown.start;

/**
 * The boxes of a span's lines. Off screen its words are not laid out, and need not be: the block that holds them says
 * which way it is.
 */
export function boxesIn(view: SpanView, span: UnitSpan, shown: UnitSpan, origin: DOMRect): readonly Box[] {
  const range = view.map.liveRangeOf(span.start, span.end);
  if (!range) return [];
  const rects = meets(span, shown)
    ? Array.from(range.getClientRects())
    : [range.startContainer.parentElement?.getBoundingClientRect() ?? new DOMRect()];
  const lines =
    rects.length > 2 * MOST_LINES ? [...rects.slice(0, MOST_LINES), ...rects.slice(-MOST_LINES)] : rects;
  return lines.map(({ left, top, width, height }) => ({
    left: left - origin.left,
    top: top - origin.top,
    width,
    height,
  }));
}
