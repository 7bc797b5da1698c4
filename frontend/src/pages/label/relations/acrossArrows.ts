/**
 * Arrows from one object to another: a box of the picture and the words that name it. They lie over all of the work,
 * follow each object as it moves, and end at its border where their region is out of its sight. Where objects and words
 * stand is looked up when they are laid out anew; a frame of panning a picture only reckons.
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

/** Where an object stands in the work, in pixels. */
interface Ground {
  readonly offset: Point;
  readonly width: number;
  readonly height: number;
}

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
  /** As everything stood when it was last looked at. */
  private readonly grounds = new Map<Surface, Ground>();
  private readonly words = new Map<HostRegion, Place | null>();
  private readonly observer: ResizeObserver;
  private preview: Preview = null;
  private isPointed = false;

  /** `work` holds all objects. */
  constructor(
    private readonly work: HTMLElement,
    private readonly events: ArrowEvents,
  ) {
    this.layer = new ArrowLayer(work, "paper");
    this.observer = new ResizeObserver(() => this.look()());
    this.stops.push(() => this.observer.disconnect());
    this.listen();
  }

  set(plans: readonly ArrowPlan<AcrossEnd>[]): void {
    this.plans = plans;
    this.observer.disconnect();
    for (const element of new Set([this.work, ...this.surfaces().map((surface) => surface.element)]))
      this.observer.observe(element);
    this.look()();
  }

  light(slots: readonly Slot[]): void {
    this.layer.light(slots);
  }

  /** Looks where everything stands; gives what draws it. */
  look(): () => void {
    const origin = this.work.getBoundingClientRect();
    const seen = new Map<Surface, UnitSpan>();
    this.grounds.clear();
    this.words.clear();
    for (const surface of this.surfaces()) {
      const { left, top, width, height } = surface.element.getBoundingClientRect();
      this.grounds.set(surface, { offset: { x: left - origin.left, y: top - origin.top }, width, height });
    }
    for (const { region, surface } of this.plans.flatMap(({ from, to }) => [from, to])) {
      const { text } = surface;
      if (!text || this.words.has(region)) continue;
      const shown = seen.get(surface) ?? visibleUnits(text.view.map, text.view.root);
      seen.set(surface, shown);
      this.words.set(region, inText(region, text, this.grounds.get(surface) as Ground, shown));
    }
    const arrows = this.arrows();
    return () => this.layer.rest(arrows);
  }

  /** Draws what a picture's move makes of it, with what is being dragged there. */
  follow(preview: Preview): void {
    if (this.plans.length === 0) return;
    this.preview = preview;
    this.layer.rest(this.arrows());
  }

  private arrows(): Arrow[] {
    return this.plans.flatMap((plan): Arrow[] => {
      const [a, b] = [this.placeOf(plan.from), this.placeOf(plan.to)];
      if (!a || !b) return [];
      const { slot, direction, label, color } = plan;
      const curve = bowed({ from: a.edge(b.middle), to: b.edge(a.middle) }, 2);
      return [{ slot, curve, direction, label, color, middle: 0.5 }];
    });
  }

  private surfaces(): Surface[] {
    return [...new Set(this.plans.flatMap(({ from, to }) => [from.surface, to.surface]))];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.layer.dispose();
  }

  private placeOf({ region, surface }: AcrossEnd): Place | null {
    const ground = this.grounds.get(surface);
    if (!ground) return null;
    return surface.picture ? this.inPicture(region, surface, ground) : (this.words.get(region) ?? null);
  }

  private inPicture(region: HostRegion, surface: Surface, { offset, width, height }: Ground): Place | null {
    const editor = surface.picture;
    if (!editor?.element.dataset.size) return null;
    const shape = this.preview?.get(region.id) ?? this.shapeOf(region, surface);
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
    // Texts say so when they look for the places of their labels.
    const scroll = () => this.plans.length && !this.surfaces().some(({ text }) => text) && this.look()();
    work.ownerDocument.addEventListener("scroll", scroll, { capture: true, passive: true });
    work.addEventListener("pointermove", move);
    work.addEventListener("pointerdown", press, { capture: true });
    this.stops.push(
      () => work.ownerDocument.removeEventListener("scroll", scroll, { capture: true }),
      () => work.removeEventListener("pointermove", move),
      () => work.removeEventListener("pointerdown", press, { capture: true }),
      () => work.removeAttribute("data-arrow"),
    );
  }

  /** The arrow under the pointer, unless a tool that draws is at work there. */
  private at(event: PointerEvent): Slot | null {
    if (this.plans.length === 0 || !this.events.free()) return null;
    const under = this.surfaces().find(({ element }) => element.contains(event.target as Node));
    if (under?.picture && under.picture.tool !== "select") return null;
    const origin = this.work.getBoundingClientRect();
    const at = { x: event.clientX - origin.left, y: event.clientY - origin.top };
    return this.layer.at(at, event.pointerType === "touch");
  }
}

function inText(
  region: HostRegion,
  text: NonNullable<Surface["text"]>,
  { offset }: Ground,
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
