/** What there is to snap to on one picture, and how near is near. */
import { type Bounds, type Point, plus } from "./geometry/points";
import { type Guides, snapBounds, snapPoint } from "./geometry/snapping";
import type { SpatialIndex } from "./index";
import { FLAG, type Scene } from "./scene";
import { type View, visibleBounds } from "./view";

const REACH_PX = 6;
/** More lines than these are no help. */
const MOST_ABOUT = 500;

export class Snapper {
  /** Whether anything snaps at all. */
  on = false;
  private shown: Guides = {};

  constructor(
    private readonly view: View,
    private readonly scene: Scene,
    private readonly index: SpatialIndex,
  ) {}

  /** Where the last thing snapped to. */
  get guides(): Guides {
    return this.shown;
  }

  clear(): void {
    this.shown = {};
  }

  /** Gives a move of bounds, changed so that they snap; `own` are what moves. */
  move(bounds: Bounds, by: Point, own: ReadonlySet<string>): Point {
    if (!this.on) return by;
    const there = {
      minX: bounds.minX + by.x,
      minY: bounds.minY + by.y,
      maxX: bounds.maxX + by.x,
      maxY: bounds.maxY + by.y,
    };
    const { by: more, guides } = snapBounds(there, this.about(own), this.reach);
    this.shown = guides;
    return plus(by, more);
  }

  /** Gives a point that is drawn or pulled, snapped. */
  point(p: Point, own: ReadonlySet<string>): Point {
    if (!this.on) return p;
    const { by, guides } = snapPoint(p, this.about(own), this.reach);
    this.shown = guides;
    return plus(p, by);
  }

  private get reach(): number {
    return REACH_PX / this.view.state.scale;
  }

  /** What is in sight, and the picture itself. */
  private about(own: ReadonlySet<string>): Bounds[] {
    const rows = this.index
      .query(visibleBounds(this.view.state, this.view.screen))
      .filter((row) => ((this.scene.flags[row] ?? 0) & FLAG.hidden) === 0 && !own.has(this.scene.keyOf(row)));
    return [this.view.imageBounds, ...rows.slice(0, MOST_ABOUT).map((row) => this.scene.boundsOf(row))];
  }
}
