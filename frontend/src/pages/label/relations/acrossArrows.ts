/**
 * Arrows from one object to another: a box of the picture and the words that name it. They lie over all of the work,
 * follow each object as it moves, and end at its border where their region is out of its sight.
 */
import { anchorOf, bowed, edgeToward } from "../../../canvas/geometry/arrows";
import { clamp, middle, minus, type Point, plus } from "../../../canvas/geometry/points";
import { type Rect, rectCenter, type Shape } from "../../../canvas/geometry/shapes";
import { toImage, toScreen } from "../../../canvas/view";
import type { Slot } from "../../../store/ops";
import type { HostRegion, Surface } from "../../../tags/_contract/contract";
import { visibleUnits } from "../../../text/overlay";
import type { UnitSpan } from "../../../text/spans";
import { type Arrow, ArrowLayer } from "./layer";
import type { ArrowEvents, ArrowPlan } from "./plan";
import { boxesIn } from "./textArrows";

export interface AcrossEnd {
  readonly id: string;
  readonly region: HostRegion;
  readonly surface: Surface;
}

type Preview = ReadonlyMap<string, Shape> | null;

/** Where a region is on the screen, and where a line from elsewhere meets it. */
interface Place {
  readonly middle: Point;
  edge(from: Point): Point;
}

export class AcrossArrows {
  private readonly layer: ArrowLayer;
  private readonly stops: (() => void)[] = [];
  private plans: readonly ArrowPlan<AcrossEnd>[] = [];
  private shapes = new WeakMap<HostRegion, Shape>();
  private readonly images = new WeakMap<Surface, object>();
  /** What is in sight of each text, while places are looked for. */
  private readonly seen = new Map<Surface, UnitSpan>();
  private isPointed = false;

  /** `work` holds all objects. */
  constructor(
    private readonly work: HTMLElement,
    private readonly events: ArrowEvents,
  ) {
    this.layer = new ArrowLayer(work, "paper");
    const observer = new ResizeObserver(() => this.place(null)());
    observer.observe(work);
    this.stops.push(() => observer.disconnect());
    this.listen();
  }

  set(plans: readonly ArrowPlan<AcrossEnd>[]): void {
    this.plans = plans;
    this.place(null)();
  }

  light(slots: readonly Slot[]): void {
    this.layer.light(slots);
  }

  /** Looks where everything is; gives what draws it. Nothing to do without such arrows. */
  place(preview: Preview): () => void {
    if (this.plans.length === 0) return () => this.layer.rest([]);
    const origin = this.work.getBoundingClientRect();
    this.seen.clear();
    const arrows = this.plans.flatMap((plan): Arrow[] => {
      const [a, b] = [this.placeOf(plan.from, origin, preview), this.placeOf(plan.to, origin, preview)];
      if (!a || !b) return [];
      const { slot, direction, label, color } = plan;
      const curve = bowed({ from: a.edge(b.middle), to: b.edge(a.middle) }, 2);
      return [{ slot, curve, direction, label, color, middle: 0.5 }];
    });
    return () => this.layer.rest(arrows);
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.layer.dispose();
  }

  private placeOf({ region, surface }: AcrossEnd, origin: DOMRect, preview: Preview): Place | null {
    const box = surface.element.getBoundingClientRect();
    const offset = { x: box.left - origin.left, y: box.top - origin.top };
    if (surface.picture) return this.inPicture(region, surface, offset, box, preview);
    if (!surface.text) return null;
    const { view } = surface.text;
    const shown = this.seen.get(surface) ?? visibleUnits(view.map, view.root);
    this.seen.set(surface, shown);
    return inText(region, surface.text, offset, shown);
  }

  private inPicture(
    region: HostRegion,
    surface: Surface,
    offset: Point,
    { width, height }: DOMRect,
    preview: Preview,
  ): Place | null {
    const editor = surface.picture;
    if (!editor?.element.dataset.size) return null;
    const shape = preview?.get(region.id) ?? this.shapeOf(region, surface);
    if (!shape) return null;
    const view = editor.view.state;
    const within = (p: Point): Point => ({ x: clamp(p.x, 0, width), y: clamp(p.y, 0, height) });
    const anchor = anchorOf(shape);
    const place = (p: Point) => plus(within(toScreen(view, p)), offset);
    return {
      middle: place(anchor),
      edge: (from) => place(edgeToward(shape, anchor, toImage(view, minus(from, offset)))),
    };
  }

  /** Read once: a mask is long to read. */
  private shapeOf(region: HostRegion, surface: Surface): Shape | null {
    const editor = surface.picture;
    if (this.images.get(surface) !== editor?.view.image) {
      this.shapes = new WeakMap();
      if (editor) this.images.set(surface, editor.view.image);
    }
    const shape = this.shapes.get(region) ?? editor?.desk.shapeOf(region.id) ?? null;
    if (shape) this.shapes.set(region, shape);
    return shape;
  }

  private listen(): void {
    const { work } = this;
    const move = (event: PointerEvent) => {
      const slot = event.buttons === 0 ? this.at(event) : null;
      work.toggleAttribute("data-arrow", slot !== null);
      // Elsewhere the objects say what is pointed at.
      if (slot !== null || this.isPointed) this.events.pointed(slot);
      this.isPointed = slot !== null;
    };
    const press = (event: PointerEvent) => {
      const slot = event.button === 0 ? this.at(event) : null;
      if (slot === null) return;
      event.stopPropagation();
      event.preventDefault();
      this.events.chosen(slot);
    };
    work.addEventListener("pointermove", move);
    work.addEventListener("pointerdown", press, { capture: true });
    this.stops.push(
      () => work.removeEventListener("pointermove", move),
      () => work.removeEventListener("pointerdown", press, { capture: true }),
      () => work.removeAttribute("data-arrow"),
    );
  }

  /** The arrow under the pointer, unless a tool that draws is at work there. */
  private at(event: PointerEvent): Slot | null {
    if (this.plans.length === 0 || !this.events.free()) return null;
    const surfaces = this.plans.flatMap(({ from, to }) => [from.surface, to.surface]);
    const under = surfaces.find(({ element }) => element.contains(event.target as Node));
    if (under?.picture && under.picture.tool !== "select") return null;
    const origin = this.work.getBoundingClientRect();
    const at = { x: event.clientX - origin.left, y: event.clientY - origin.top };
    return this.layer.at(at, event.pointerType === "touch");
  }
}

function inText(
  region: HostRegion,
  text: NonNullable<Surface["text"]>,
  offset: Point,
  shown: UnitSpan,
): Place | null {
  const span = text.spanOf(region);
  if (!span) return null;
  const boxes = boxesIn(text.view, span, shown, text.view.frame.getBoundingClientRect());
  const rects = boxes.map(
    ({ left, top, width, height }): Rect => ({
      kind: "rect",
      ...plus({ x: left, y: top }, offset),
      width,
      height,
      rotation: 0,
    }),
  );
  const [first, last] = [rects[0], rects.at(-1)];
  if (!first || !last) return null;
  return {
    middle: middle(rectCenter(first), rectCenter(last)),
    edge: (from) => {
      const away = (rect: Rect) => Math.hypot(rectCenter(rect).x - from.x, rectCenter(rect).y - from.y);
      const near = rects.reduce((best, rect) => (away(rect) < away(best) ? rect : best), first);
      return edgeToward(near, rectCenter(near), from);
    },
  };
}
