/**
 * The desk tools work at: answers their questions from scene and document, keeps what they show for the moment
 * (previews, drafts, the marquee), and turns finished gestures into edits.
 */
import type { Annotation } from "../store/annotation";
import type { Slot } from "../store/ops";
import type { ResultItem } from "../store/result";
import { EMPTY_MASK, type Mask, maskOf } from "./geometry/masks";
import { type Bounds, clamp, type Point } from "./geometry/points";
import { type Shape, type ShapeKind, shapeBounds } from "./geometry/shapes";
import type { Pixels } from "./geometry/wand";
import { groupOf } from "./groups";
import { type Handle, handleAt, handlesOf, sameHandle } from "./handles";
import type { SpatialIndex } from "./index";
import { pick, pickWithin } from "./pick";
import type { Active, ImageRegions } from "./regions";
import { BrushStroke } from "./render/masks";
import { FLAG, type Scene } from "./scene";
import { Snapper } from "./snapper";
import type { Rgb, VectorRules } from "./styles";
import type { ToolHost, WandMaths } from "./tools/host";
import type { Machine } from "./tools/machine";
import { toImage, type View } from "./view";
import type { CanvasSpeaker } from "./words";

export interface DeskOptions {
  readonly annotation: Annotation;
  readonly view: View;
  readonly scene: Scene;
  readonly index: SpatialIndex;
  readonly machine: Machine;
  readonly readOnly: () => boolean;
  readonly regions: () => ImageRegions;
  readonly active: () => Active | undefined;
  readonly selectNew: boolean;
  /** The colour a stroke has: of the region it changes, or of the active label. */
  readonly strokeColor: (key: string | undefined) => Rgb;
  /** Something on the active layer changed. */
  readonly changed: () => void;
  readonly setCursor: (cursor: string) => void;
  readonly announce: (message: string) => void;
  readonly say: CanvasSpeaker;
  /** Told of a press that could draw nothing, because no label or control is chosen. */
  readonly onRefused: () => void;
  /** All pixels of the picture; null where they must not be read. */
  readonly pixels: () => Pixels | null;
  readonly onUnreadable: () => void;
}

/** What tools show for the moment. */
export interface Shown {
  preview: ReadonlyMap<string, Shape> | null;
  draft: Shape | null;
  lead: { from: Point; to: Point; closes: boolean } | null;
  marquee: Bounds | null;
  hot: Handle | undefined;
  /** The stroke being painted, and the region it changes. */
  stroke: BrushStroke | null;
  strokeKey: string | undefined;
}

const PLAIN_VECTOR: VectorRules = {
  closable: false,
  curves: false,
  skeleton: false,
  least: 2,
  most: undefined,
};
const PICK_PX = 4;
const POINT_PX = 9;
const HANDLE_PX = 9;
const FINGER_PX = 20;
const BRUSH_PX = 15;

/** Copied regions; one clipboard for all pictures, so that pages can share. */
let clipboard: readonly (readonly ResultItem[])[] = [];

export class Desk implements ToolHost {
  readonly shown: Shown = {
    preview: null,
    draft: null,
    lead: null,
    marquee: null,
    hot: undefined,
    stroke: null,
    strokeKey: undefined,
  };
  readonly snapper: Snapper;
  private brush = 0;
  /** What the wand under way looks at, and what it adds to. */
  private wand:
    | { readonly at: Point; readonly pixels: Pixels; readonly start: Mask; readonly maths: WandMaths }
    | undefined;

  constructor(private readonly options: DeskOptions) {
    this.snapper = new Snapper(options.view, options.scene, options.index);
  }

  get machine(): Machine {
    return this.options.machine;
  }

  get view(): View {
    return this.options.view;
  }

  get readOnly(): boolean {
    return this.options.readOnly();
  }

  selection(): readonly string[] {
    return [...this.annotation.selection.ids].filter((key) => this.options.scene.rowOf(key) !== undefined);
  }

  select(keys: Iterable<string>): void {
    this.annotation.selection.set(keys);
  }

  groupOf(key: string): readonly string[] {
    return groupOf(this.annotation.document, key);
  }

  toggle(key: string): void {
    this.annotation.selection.toggle(key);
  }

  hover(key: string | undefined): void {
    this.annotation.selection.setHover(key);
  }

  keys(): readonly string[] {
    const { scene } = this.options;
    return this.annotation.document.regionKeys().filter((key) => {
      const row = scene.rowOf(key);
      return row !== undefined && ((scene.flags[row] ?? 0) & FLAG.hidden) === 0;
    });
  }

  shapeOf(key: string): Shape | null {
    return this.regions.shapeOf(key);
  }

  editable(key: string): boolean {
    return this.regions.editable(key);
  }

  canRotate(key: string): boolean {
    const shape = this.shapeOf(key);
    if (shape === null || shape.kind === "point" || shape.kind === "mask") return false;
    return this.editable(key) && this.regions.controlOf(key)?.canRotate !== false;
  }

  pick(screen: Point, cycle = 0): string | undefined {
    const { scene, index, annotation } = this.options;
    const { scale } = this.view.state;
    const options = {
      tolerance: PICK_PX / scale,
      pointTolerance: POINT_PX / scale,
      isSelected: (key: string) => annotation.selection.has(key),
    };
    const row = pick(scene, index, toImage(this.view.state, screen), options, cycle);
    return row === undefined ? undefined : scene.keyOf(row);
  }

  pickWithin(bounds: Bounds): readonly string[] {
    const { scene, index } = this.options;
    return pickWithin(scene, index, bounds).map((row) => scene.keyOf(row));
  }

  handles(): readonly Handle[] {
    const [key, ...others] = this.selection();
    if (key === undefined || others.length > 0 || this.readOnly || !this.editable(key)) return [];
    const shape = this.shown.preview?.get(key) ?? this.shapeOf(key);
    return shape === null ? [] : handlesOf(shape, this.view.state, this.canRotate(key));
  }

  handleAt(screen: Point, touch: boolean): Handle | undefined {
    return handleAt(this.handles(), screen, touch ? FINGER_PX : HANDLE_PX);
  }

  preview(shapes: ReadonlyMap<string, Shape> | null): void {
    if (shapes === null) this.snapper.clear();
    this.show({ preview: shapes });
  }

  draft(shape: Shape | null): void {
    if (shape === null) this.snapper.clear();
    this.show({ draft: shape });
  }

  lead(line: Shown["lead"]): void {
    this.show({ lead: line });
  }

  marquee(bounds: Bounds | null): void {
    this.show({ marquee: bounds });
  }

  hot(handle: Handle | undefined): void {
    const { hot } = this.shown;
    const same = handle === undefined ? hot === undefined : sameHandle(handle, hot);
    if (!same) this.show({ hot: handle });
  }

  cursor(cursor: string): void {
    this.options.setCursor(cursor);
  }

  get vectorRules(): VectorRules {
    return this.regions.control(this.options.active()?.control ?? "")?.vector ?? PLAIN_VECTOR;
  }

  place(p: Point): Point {
    const { width, height } = this.regions.size;
    const near = this.snapper.point(p, new Set(this.selection()));
    const inside = { x: clamp(near.x, 0, width), y: clamp(near.y, 0, height) };
    const active = this.options.active();
    if (active === undefined || this.regions.control(active.control)?.snap !== "pixel") return inside;
    const half = this.regions.kindOf(active.control) === "point" ? 0.5 : 0;
    return { x: Math.round(inside.x - half) + half, y: Math.round(inside.y - half) + half };
  }

  snapMove(bounds: Bounds, by: Point): Point {
    return this.snapper.move(bounds, by, new Set(this.selection()));
  }

  snapped(key: string, shape: Shape): Shape {
    if (this.regions.controlOf(key)?.snap !== "pixel") return shape;
    if (shape.kind === "polygon") {
      return { ...shape, points: shape.points.map((p) => ({ x: Math.round(p.x), y: Math.round(p.y) })) };
    }
    if (shape.kind === "point")
      return { ...shape, x: Math.floor(shape.x) + 0.5, y: Math.floor(shape.y) + 0.5 };
    if (shape.kind !== "rect" || shape.rotation !== 0) return shape;
    const [x, y] = [Math.round(shape.x), Math.round(shape.y)];
    const [right, bottom] = [Math.round(shape.x + shape.width), Math.round(shape.y + shape.height)];
    return { ...shape, x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
  }

  /** How wide the brush is, in image pixels: as the control says until someone changes it. */
  get brushWidth(): number {
    if (this.brush > 0) return this.brush;
    const control = this.regions.control(this.options.active()?.control ?? "");
    const paints = /^(?:brush|bitmask)/.test(control?.type ?? "");
    return paints ? (control?.strokeWidth ?? BRUSH_PX) : BRUSH_PX;
  }

  scaleBrush(factor: number): void {
    this.brush = clamp(this.brushWidth * factor, 1, 2000);
    this.options.changed();
  }

  beginWand(at: Point, maths: WandMaths): boolean {
    const key = this.paintable();
    if (key === undefined && !this.canCreate("mask")) return false;
    const pixels = this.options.pixels();
    if (pixels === null) {
      this.options.onUnreadable();
      return false;
    }
    const shape = key === undefined ? null : this.shapeOf(key);
    this.wand = { at, pixels, maths, start: shape?.kind === "mask" ? shape.mask : EMPTY_MASK };
    this.show({ strokeKey: key });
    this.spreadWand(0);
    return true;
  }

  spreadWand(more: number): void {
    if (this.wand === undefined) return;
    const { at, pixels, start, maths } = this.wand;
    const { threshold, smooth } = this.regions.wandRules;
    const found = maths.spreadFrom(pixels, at, clamp(threshold + more, 0, 255), smooth);
    const color = this.options.strokeColor(this.shown.strokeKey);
    const mask = maths.united(start, found);
    this.show({ stroke: new BrushStroke(this.regions.size, { color, start: mask, width: 1, erase: false }) });
  }

  /** The selected mask that a stroke changes. */
  private paintable(): string | undefined {
    return this.selection().find((one) => this.editable(one) && this.shapeOf(one)?.kind === "mask");
  }

  beginStroke(erase: boolean, at: Point): boolean {
    const key = this.paintable();
    if (key === undefined && erase) this.announce(this.say("selectPainted", {}));
    if (key === undefined && (erase || !this.canCreate("mask"))) return false;
    const shape = key === undefined ? null : this.shapeOf(key);
    const start = shape?.kind === "mask" ? shape.mask : undefined;
    const color = this.options.strokeColor(key);
    const stroke = new BrushStroke(this.regions.size, { color, start, width: this.brushWidth, erase });
    this.show({ stroke, strokeKey: key });
    this.stroke([at]);
    return true;
  }

  stroke(points: readonly Point[]): void {
    this.shown.stroke?.through(points);
    this.options.changed();
  }

  endStroke(keep: boolean): void {
    this.wand = undefined;
    const { stroke, strokeKey: key } = this.shown;
    if (stroke === null) return;
    this.show({ stroke: null, strokeKey: undefined });
    if (!keep) return;
    const { data, size } = stroke.pixels();
    const mask = maskOf(data, size, 4, 3);
    if (key === undefined && mask.count > 0) this.create({ kind: "mask", mask }, true);
    else if (key !== undefined && mask.count === 0) this.remove([key]);
    else if (key !== undefined) this.change("paint", new Map([[key, { kind: "mask", mask }]]));
  }

  canCreate(kind: ShapeKind): boolean {
    const active = this.options.active();
    const can = active !== undefined && this.regions.kindOf(active.control) === kind;
    if (!can) this.options.onRefused();
    return can;
  }

  create(shape: Shape, byKeys = false): string | undefined {
    const active = this.options.active();
    if (active === undefined || !this.canCreate(shape.kind)) return undefined;
    const id = this.annotation.newId();
    const items = this.regions.newItems(shape, active, id, this.view.state.rotation);
    this.annotation.edit(
      "draw",
      (edit) => {
        for (const item of items) edit.add(item);
      },
      this.options.selectNew || byKeys ? { select: () => [id] } : {},
    );
    this.settle();
    return items.length === 0 ? undefined : id;
  }

  change(mark: string, shapes: ReadonlyMap<string, Shape>, merge?: string): void {
    this.annotation.edit(
      mark,
      (edit) => {
        for (const [key, shape] of shapes) this.regions.write(edit, key, shape);
      },
      merge === undefined ? {} : { merge },
    );
  }

  remove(keys: readonly string[]): void {
    const allowed = keys.filter((key) => this.editable(key));
    if (this.annotation.removeRegions(allowed))
      this.announce(this.say("regionsGone", { count: allowed.length }));
    this.settle();
  }

  duplicate(keys: readonly string[], by: Point): void {
    this.insert(
      "duplicate",
      keys.map((key) => this.annotation.document.items(key)),
      by,
    );
  }

  copy(keys: readonly string[]): void {
    clipboard = keys.map((key) => this.annotation.document.items(key));
    this.announce(this.say("regionsCopied", { count: keys.length }));
  }

  paste(): void {
    this.insert("paste", clipboard, { x: 10, y: 10 });
  }

  undo(): void {
    this.annotation.undo();
    this.settle();
  }

  redo(): void {
    this.annotation.redo();
    this.settle();
  }

  reorder(keys: readonly string[], step: 1 | -1): void {
    const { document } = this.annotation;
    const chosen = new Set(keys);
    this.annotation.edit("order", (edit) => {
      const order = [...this.keys()];
      for (const key of step > 0
        ? order.filter((k) => chosen.has(k)).reverse()
        : order.filter((k) => chosen.has(k))) {
        const neighbour = order[order.indexOf(key) + step];
        if (neighbour === undefined || chosen.has(neighbour)) continue;
        const [over, slots] = [document.slots(neighbour), document.slots(key)];
        let after: Slot | null = step > 0 ? (over.at(-1) ?? null) : document.before(over[0] ?? 0);
        for (const slot of slots) {
          edit.moveAfter(slot, after);
          after = slot;
        }
      }
    });
  }

  get say(): CanvasSpeaker {
    return this.options.say;
  }

  announce(message: string): void {
    this.options.announce(message);
  }

  private get annotation(): Annotation {
    return this.options.annotation;
  }

  private get regions(): ImageRegions {
    return this.options.regions();
  }

  private insert(mark: string, groups: readonly (readonly ResultItem[])[], by: Point): void {
    if (this.readOnly || groups.length === 0) return;
    const { size } = this.regions;
    const made: string[] = [];
    this.annotation.edit(
      mark,
      (edit) => {
        for (const items of groups) {
          const id = this.annotation.newId();
          const copies = this.regions.copies(items, id, inside(by, size));
          for (const item of copies) edit.add(item);
          made.push(id);
        }
      },
      { select: () => made },
    );
    this.settle();
  }

  /** Brings the scene up to date now: the next key may come before the next frame, and speak of what is new. */
  private settle(): void {
    this.annotation.document.flush();
  }

  private show(change: Partial<Shown>): void {
    Object.assign(this.shown, change);
    this.options.changed();
  }
}

/** A tiny picture gets a tiny shift. */
function inside(by: Point, size: { width: number; height: number }): Point {
  return { x: Math.min(by.x, size.width / 20), y: Math.min(by.y, size.height / 20) };
}

/** Gives the middle of a shape's bounds, for bringing it into view. */
export function middleOf(shape: Shape): Point {
  const b = shapeBounds(shape);
  return { x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 };
}
