/** What lies under the pointer, best first: what is selected, then the smallest, then the topmost. */
import { type Bounds, insideBounds, type Point } from "./geometry/points";
import type { SpatialIndex } from "./index";
import { FLAG, KIND, type Scene } from "./scene";

export interface PickOptions {
  /** How far from an outline, or from a key point's middle, still counts: image pixels. */
  readonly tolerance: number;
  /** The same for key points, which are drawn larger than they are. */
  readonly pointTolerance?: number;
  readonly isSelected?: (key: string) => boolean;
  /** Rows that cannot be picked, because they are hidden. */
  readonly isHidden?: (row: number) => boolean;
}

/** Gives the rows at an image point, best first. */
export function pickAll(scene: Scene, index: SpatialIndex, p: Point, options: PickOptions): number[] {
  const reach = Math.max(options.tolerance, scene.hasPoints ? (options.pointTolerance ?? 0) : 0);
  const near = index.query({ minX: p.x - reach, minY: p.y - reach, maxX: p.x + reach, maxY: p.y + reach });
  const rows = near.filter((row) => {
    if (!pickable(scene, row, options)) return false;
    return scene.hitsRow(row, p, scene.kind[row] === KIND.point ? reach : options.tolerance);
  });
  const selected = (row: number) => (options.isSelected?.(scene.keyOf(row)) ? 0 : 1);
  const area = (row: number) => scene.area[row] ?? 0;
  return rows.sort((a, b) => selected(a) - selected(b) || area(a) - area(b) || b - a);
}

/** Gives the row to take at a point. `cycle` takes the n-th best instead, round and round. */
export function pick(
  scene: Scene,
  index: SpatialIndex,
  p: Point,
  options: PickOptions,
  cycle = 0,
): number | undefined {
  if (cycle === 0) return pickAll(scene, index, p, options)[0];
  const rows = pickAll(scene, index, p, { ...options, isSelected: () => false });
  return rows[cycle % Math.max(1, rows.length)];
}

/** Gives the rows that lie wholly inside a rectangle, in drawing order. */
export function pickWithin(
  scene: Scene,
  index: SpatialIndex,
  within: Bounds,
  options: Pick<PickOptions, "isHidden"> = {},
): number[] {
  return index
    .query(within)
    .filter((row) => pickable(scene, row, options) && insideBounds(scene.boundsOf(row), within))
    .sort((a, b) => a - b);
}

function pickable(scene: Scene, row: number, options: Pick<PickOptions, "isHidden">): boolean {
  if (((scene.flags[row] ?? 0) & FLAG.hidden) !== 0) return false;
  return options.isHidden?.(row) !== true;
}
