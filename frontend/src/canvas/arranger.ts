/** Arranging what is selected: order, alignment, distances, groups. Each is one undo step. */
import type { Annotation } from "../store/annotation";
import type { Slot } from "../store/ops";
import type { Desk } from "./desk";
import { type Axis, aligned, distributed, type Edge } from "./geometry/arrange";
import type { Point } from "./geometry/points";
import { moved, type Shape, shapeBounds } from "./geometry/shapes";
import { group, ungroup } from "./groups";

export class Arranger {
  constructor(
    private readonly annotation: Annotation,
    private readonly desk: Desk,
  ) {}

  align(edge: Edge): boolean {
    return this.moveEach("align", 2, (bounds) => aligned(bounds, edge));
  }

  distribute(axis: Axis): boolean {
    return this.moveEach("distribute", 3, (bounds) => distributed(bounds, axis));
  }

  /** One step up or down in drawing order. */
  step(by: 1 | -1): boolean {
    const keys = this.keys();
    if (keys.length > 0) this.desk.reorder(keys, by);
    return keys.length > 0;
  }

  /** Before all others of the picture, or behind them. */
  toEnd(end: "front" | "back"): boolean {
    const chosen = new Set(this.keys());
    const { document } = this.annotation;
    const rest = this.desk.keys().filter((key) => !chosen.has(key));
    const [lowest, highest] = [rest[0], rest.at(-1)];
    if (chosen.size === 0 || lowest === undefined || highest === undefined) return false;
    const slots = document.regionKeys().flatMap((key) => (chosen.has(key) ? document.slots(key) : []));
    const bottom = document.slots(lowest)[0];
    return this.annotation.edit("order", (edit) => {
      let after: Slot | null =
        end === "front" ? (document.slots(highest).at(-1) ?? null) : document.before(bottom ?? 0);
      while (end === "back" && after !== null && slots.includes(after)) after = document.before(after);
      for (const slot of slots) {
        edit.moveAfter(slot, after);
        after = slot;
      }
    });
  }

  group(): boolean {
    return !this.desk.readOnly && group(this.annotation, this.keys());
  }

  ungroup(): boolean {
    return !this.desk.readOnly && ungroup(this.annotation, this.keys());
  }

  private keys(): readonly string[] {
    if (this.desk.readOnly) return [];
    return this.desk.selection().filter((key) => this.desk.editable(key));
  }

  /** Masks stay: they are painted, not moved. */
  private moveEach(
    mark: string,
    least: number,
    plan: (bounds: Parameters<typeof aligned>[0]) => Point[],
  ): boolean {
    const shapes = this.keys().flatMap((key) => {
      const shape = this.desk.shapeOf(key);
      return shape === null || shape.kind === "mask" ? [] : [{ key, shape }];
    });
    if (shapes.length < least) return false;
    const moves = plan(shapes.map(({ shape }) => shapeBounds(shape)));
    const after = shapes.map(({ key, shape }, i): [string, Shape] => [
      key,
      moved(shape, moves[i] ?? { x: 0, y: 0 }),
    ]);
    this.desk.change(mark, new Map(after));
    return true;
  }
}
