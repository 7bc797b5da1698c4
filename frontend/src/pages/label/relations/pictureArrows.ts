/**
 * Arrows between regions of one picture. Their ends are found once for each shape; panning moves all of them by one
 * transform, zooming draws them anew from known ends, dragging a region only those that touch it.
 */

import type { ImageEditor } from "../../../canvas/editor";
import { bowed, type Chord, chordBetween } from "../../../canvas/geometry/arrows";
import { distance, type Point } from "../../../canvas/geometry/points";
import type { Shape } from "../../../canvas/geometry/shapes";
import { toScreen, type ViewState } from "../../../canvas/view";
import type { Slot } from "../../../store/ops";
import { type Arrow, ArrowLayer } from "./layer";
import type { ArrowEvents, ArrowPlan } from "./plan";

type Preview = ReadonlyMap<string, Shape> | null;
type End = { readonly id: string };

interface Known {
  readonly plan: ArrowPlan<End>;
  readonly shapes: readonly [Shape, Shape] | null;
  readonly chord: Chord | null;
}

const GAP_PX = 2;
/** Key points are dots of this size at any zoom. */
const DOT_PX = 6;

export class PictureArrows {
  /** Ends looked for, and arrows drawn: held by tests. */
  readonly counts = { measured: 0, drawn: 0, moved: 0 };
  private readonly layer: ArrowLayer;
  private readonly stops: (() => void)[] = [];
  private readonly known = new Map<Slot, Known>();
  private plans: readonly ArrowPlan<End>[] = [];
  private apart: readonly ArrowPlan<End>[] = [];
  private preview: Preview = null;
  private image: object | undefined;
  private drawnFor: ViewState | undefined;

  /** `moved` is told at each frame that something of the picture moved. */
  constructor(
    private readonly editor: ImageEditor,
    private readonly events: ArrowEvents,
    private readonly moved: (preview: Preview) => void = () => undefined,
  ) {
    // Handles and labels of regions stay on top.
    this.layer = new ArrowLayer(editor.element, "paper", editor.element.querySelector(".sl-overlay"));
    editor.over = (view, preview) => this.follow(view, preview);
    this.listen();
  }

  /** Shows exactly these; those that stayed the same are not looked at. */
  set(plans: readonly ArrowPlan<End>[]): void {
    this.plans = plans;
    const slots = new Set(plans.map(({ slot }) => slot));
    for (const slot of this.known.keys()) if (!slots.has(slot)) this.known.delete(slot);
    this.drawnFor = undefined;
    this.apart = [];
    this.preview = null;
    this.follow(this.editor.view.state, this.editor.desk.shown.preview);
  }

  light(slots: readonly Slot[]): void {
    this.layer.light(slots);
  }

  dispose(): void {
    this.editor.over = undefined;
    for (const stop of this.stops) stop();
    delete this.editor.element.dataset.arrow;
    this.layer.dispose();
  }

  private follow(view: ViewState, preview: Preview): void {
    // Between two pages there is no picture: its regions are nowhere.
    const isThere = Boolean(this.editor.element.dataset.size);
    this.layer.hidden = !isThere;
    if (!isThere) return;
    if (this.image !== this.editor.view.image) {
      this.image = this.editor.view.image;
      this.known.clear();
      this.drawnFor = undefined;
    }
    this.moved(preview);
    if (this.plans.length > 0 || this.drawnFor === undefined) this.draw(view, preview);
  }

  private draw(view: ViewState, preview: Preview): void {
    const before = this.drawnFor;
    const lifted = this.lifted(preview);
    const turned = before?.scale !== view.scale || before.rotation !== view.rotation;
    if (turned || lifted) {
      const apart = new Set(this.apart);
      this.layer.rest(
        this.arrows(
          this.plans.filter((plan) => !apart.has(plan)),
          view,
          null,
        ),
      );
    }
    if (turned || lifted || this.preview !== preview)
      this.layer.moving(this.arrows(this.apart, view, preview));
    this.preview = preview;
    if (before?.x !== view.x || before.y !== view.y) {
      this.layer.moveTo(view.x, view.y);
      this.counts.moved += 1;
    }
    this.drawnFor = view;
  }

  /** Sets those apart that touch what is being dragged; gives whether they are others than before. */
  private lifted(preview: Preview): boolean {
    const apart =
      preview === null ? [] : this.plans.filter(({ from, to }) => preview.has(from.id) || preview.has(to.id));
    const same = apart.length === this.apart.length && apart.every((plan, i) => plan === this.apart[i]);
    this.apart = apart;
    return !same;
  }

  private arrows(plans: readonly ArrowPlan<End>[], view: ViewState, preview: Preview): Arrow[] {
    const origin = { ...view, x: 0, y: 0 };
    return plans.flatMap((plan) => {
      const { shapes, chord } = this.measured(plan);
      if (!shapes || !chord) return [];
      const [a, b] = [preview?.get(plan.from.id) ?? shapes[0], preview?.get(plan.to.id) ?? shapes[1]];
      const ends = a === shapes[0] && b === shapes[1] ? chord : this.chord(a, b);
      this.counts.drawn += 1;
      const { slot, direction, label, color } = plan;
      const [from, to] = [toScreen(origin, ends.from), toScreen(origin, ends.to)];
      const curve = bowed(besideDots({ from, to }, a, b), GAP_PX);
      return [{ slot, curve, direction, label, color, middle: 0.5 }];
    });
  }

  private measured(plan: ArrowPlan<End>): Known {
    const known = this.known.get(plan.slot);
    if (known && known.plan.from === plan.from && known.plan.to === plan.to) return known;
    const [a, b] = [this.editor.desk.shapeOf(plan.from.id), this.editor.desk.shapeOf(plan.to.id)];
    const made: Known =
      a && b ? { plan, shapes: [a, b], chord: this.chord(a, b) } : { plan, shapes: null, chord: null };
    this.known.set(plan.slot, made);
    return made;
  }

  private chord(a: Shape, b: Shape): Chord {
    this.counts.measured += 1;
    return chordBetween(a, b);
  }

  private listen(): void {
    const { element } = this.editor;
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      run: (event: HTMLElementEventMap[Name]) => void,
      capture = false,
    ) => {
      element.addEventListener(name, run, { capture });
      this.stops.push(() => element.removeEventListener(name, run, { capture }));
    };
    on("pointermove", (event) => this.point(event.buttons === 0 ? this.at(event) : null));
    on("pointerleave", () => this.point(null));
    on("pointerdown", (event) => this.press(event), true);
  }

  private point(slot: Slot | null): void {
    const { dataset } = this.editor.element;
    if (slot === null) delete dataset.arrow;
    else dataset.arrow = "";
    this.events.pointed(slot);
  }

  /** A press on an arrow is for it, and for nothing beneath. */
  private press(event: PointerEvent): void {
    const slot = event.button === 0 ? this.at(event) : null;
    if (slot === null) return;
    event.stopPropagation();
    event.preventDefault();
    this.editor.focus();
    this.events.chosen(slot);
  }

  /** The arrow under the pointer, unless a tool or a handle wants it. */
  private at(event: PointerEvent): Slot | null {
    const { editor } = this;
    if (this.plans.length === 0 || !this.events.free()) return null;
    if (editor.tool !== "select" || editor.element.style.cursor.startsWith("grab")) return null;
    const box = editor.element.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const isTouch = event.pointerType === "touch";
    if (editor.desk.handleAt(at, isTouch)) return null;
    const { x, y } = editor.view.state;
    return this.layer.at({ x: at.x - x, y: at.y - y }, isTouch);
  }
}

/** Dots have their size on the screen alone. */
function besideDots(chord: Chord, a: Shape, b: Shape): Chord {
  const length = distance(chord.from, chord.to);
  if (length < 4 * DOT_PX) return chord;
  const part = (shape: Shape) => (shape.kind === "point" ? DOT_PX / length : 0);
  const along = (p: Point, q: Point, t: number) => ({ x: p.x + (q.x - p.x) * t, y: p.y + (q.y - p.y) * t });
  return {
    from: along(chord.from, chord.to, part(a)),
    to: along(chord.to, chord.from, part(b)),
  };
}
