/** What tools may ask and do. The editor is the one behind it; tests put their own there. */
import type { Bounds, Point } from "../geometry/points";
import type { Shape, ShapeKind } from "../geometry/shapes";
import type { Handle } from "../handles";
import type { VectorRules } from "../styles";
import type { View } from "../view";
import type { CanvasSpeaker } from "../words";
import type { Machine } from "./machine";

/** How the wand spreads; it comes with the tool. */
export type WandMaths = Pick<typeof import("../geometry/wand"), "spreadFrom" | "united">;

export interface ToolHost {
  readonly machine: Machine;
  readonly view: View;
  /** Nothing may be changed. */
  readonly readOnly: boolean;

  selection(): readonly string[];
  select(keys: Iterable<string>): void;
  toggle(key: string): void;
  /** The regions grouped with one, itself among them. */
  groupOf(key: string): readonly string[];
  hover(key: string | undefined): void;
  /** Regions of this picture in drawing order, without hidden ones. */
  keys(): readonly string[];

  /** Gives a region's shape exactly as the document says; null when it is not drawn here. */
  shapeOf(key: string): Shape | null;
  /** False for regions that are locked or read-only. */
  editable(key: string): boolean;
  /** Whether shapes of this region may be turned, by its control. */
  canRotate(key: string): boolean;
  /** Gives the region to take at a screen point; `cycle` the n-th best. */
  pick(screen: Point, cycle?: number): string | undefined;
  pickWithin(bounds: Bounds): readonly string[];
  /** The handles of the selected region, when exactly one is selected. */
  handles(): readonly Handle[];
  handleAt(screen: Point, touch: boolean): Handle | undefined;

  /** Shows regions with other shapes than the document has; nothing is changed. */
  preview(shapes: ReadonlyMap<string, Shape> | null): void;
  /** Shows a shape being drawn. */
  draft(shape: Shape | null): void;
  /** Shows the line from an unfinished polygon to the pointer (image pixels). */
  lead(line: { from: Point; to: Point; closes: boolean } | null): void;
  /** Shows the rectangle of a selection being pulled up, in screen pixels. */
  marquee(bounds: Bounds | null): void;
  hot(handle: Handle | undefined): void;
  cursor(cursor: string): void;

  /** What the active control allows a vector to be. */
  readonly vectorRules: VectorRules;
  /** Gives the point rounded as the active control asks, and moved into the picture. */
  place(p: Point): Point;
  /** Gives a move of what is selected, changed so that its bounds lie on what is about, while snapping is on. */
  snapMove(bounds: Bounds, by: Point): Point;
  /** Rounds a shape as the control of the region asks. */
  snapped(key: string, shape: Shape): Shape;

  /** Begins painting or rubbing out at an image point; false when there is nothing to do it to. */
  beginStroke(erase: boolean, at: Point): boolean;
  stroke(points: readonly Point[]): void;
  /** Ends the stroke, as one undo step or as if it had never been. Nothing happens when none is under way. */
  endStroke(keep: boolean): void;
  scaleBrush(factor: number): void;
  /** Begins with what looks alike around an image point, as a stroke; false when there is nothing to do it to. */
  beginWand(at: Point, maths: WandMaths): boolean;
  /** Takes what is by so much more, or less, alike. */
  spreadWand(more: number): void;

  /**
   * Adds a region with the active labels; one undo step. Gives its key, or nothing if refused. One made
   * `byKeys` is selected, so that the next keys can put it in place.
   */
  create(shape: Shape, byKeys?: boolean): string | undefined;
  /** Whether the active control can draw this kind. */
  canCreate(kind: ShapeKind): boolean;
  /** Changes regions' shapes; one undo step, joined with the last one of the same merge key. */
  change(mark: string, shapes: ReadonlyMap<string, Shape>, merge?: string): void;
  remove(keys: readonly string[]): void;
  /** Copies regions, a little aside or where given; selects the copies. */
  duplicate(keys: readonly string[], by: Point): void;
  copy(keys: readonly string[]): void;
  paste(): void;
  undo(): void;
  redo(): void;
  /** Moves regions one step up or down in drawing order. */
  reorder(keys: readonly string[], step: 1 | -1): void;

  /** Gives a sentence in the language of the page. */
  readonly say: CanvasSpeaker;
  /** Says something to those who do not see the canvas. */
  announce(message: string): void;
}

/** A pointer that moved less than this since it went down has not dragged: CSS pixels. */
export const DRAG_PX = 4;
