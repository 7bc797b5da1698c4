/**
 * Select, corners of a polygon and points of a vector by keyboard: Tab goes from corner to corner, arrows move one, Insert adds one after
 * it, Delete takes it away, Escape or Enter is done. A press of the pointer ends it as well.
 */
import { newRegionId } from "../../../store/result";
import {
  type Cornered,
  cornerInserted,
  cornerMoved,
  cornerRemoved,
  cornersIn,
  fewest,
  isCornered,
} from "../../geometry/corners";
import { clamp, type Point } from "../../geometry/points";
import type { Vector } from "../../geometry/vectors";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";
import { directionOf } from "../root";

export class SelectCorners implements State {
  private region = "";
  private corner = 0;

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    this.region = info as string;
    this.corner = 0;
    this.tell();
  }

  exit(): void {
    this.host.hot(undefined);
  }

  pointer(input: PointerInput): boolean {
    if (input.kind !== "down") return true;
    this.host.machine.go("select/idle");
    return this.host.machine.pointer(input);
  }

  private edit(input: KeyInput, shape: Cornered): boolean {
    const by = directionOf(input, this.host.view.state.rotation);
    if (by !== undefined) return this.move(shape, by);
    switch (input.key) {
      case "Tab":
        return this.step(shape, input.shift ? -1 : 1);
      case "Insert":
        return this.insert(shape);
      case "Delete":
      case "Backspace":
        return this.remove(shape);
      case "Enter":
        return this.cancel();
      default:
        return false;
    }
  }

  key(input: KeyInput): boolean {
    const shape = this.shape();
    if (input.kind !== "down" || input.mod || input.alt) return false;
    return shape === undefined ? this.cancel() : this.edit(input, shape);
  }

  cancel(): boolean {
    this.host.machine.go("select/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  private shape(): Cornered | undefined {
    const shape = this.host.selection().includes(this.region) ? this.host.shapeOf(this.region) : null;
    return isCornered(shape) ? shape : undefined;
  }

  private step(shape: Cornered, by: 1 | -1): boolean {
    const { length } = cornersIn(shape);
    this.corner = (this.corner + by + length) % length;
    this.tell();
    return true;
  }

  private move(shape: Cornered, by: Point): boolean {
    const { width, height } = this.host.view.image;
    const p = cornersIn(shape)[this.corner];
    if (p === undefined) return true;
    const to = { x: clamp(p.x + by.x, 0, width), y: clamp(p.y + by.y, 0, height) };
    this.change(cornerMoved(shape, this.corner, to), `corner ${this.region} ${this.corner}`);
    return true;
  }

  /** The new corner comes after this one. */
  private insert(shape: Cornered): boolean {
    const next = shape.kind === "polygon" ? this.corner + 1 : after(shape, this.corner);
    if (next === undefined) return true;
    this.corner = next;
    this.change(cornerInserted(shape, next, newRegionId()));
    return true;
  }

  private remove(shape: Cornered): boolean {
    if (cornersIn(shape).length <= fewest(shape)) {
      this.host.announce(this.host.say("leastCorners", { count: fewest(shape) }));
      return true;
    }
    const without = cornerRemoved(shape, this.corner);
    this.corner = Math.min(this.corner, cornersIn(without).length - 1);
    this.change(without);
    return true;
  }

  private change(shape: Cornered, merge?: string): void {
    this.host.change("corner", new Map([[this.region, shape]]), merge);
    this.tell();
  }

  private tell(): void {
    const shape = this.shape();
    const corners = shape === undefined ? [] : cornersIn(shape);
    const p = corners[this.corner];
    if (p === undefined) return;
    this.host.hot({ kind: "corner", corner: this.corner, at: p, cursor: "move" });
    this.host.view.reveal(p);
    const at = { x: Math.round(p.x), y: Math.round(p.y) };
    const { host } = this;
    host.announce(host.say("cornerOf", { place: this.corner + 1, count: corners.length, ...at }));
  }
}

/** Gives the number of the point that hangs on one; none at the end of a path. */
function after(vector: Vector, corner: number): number | undefined {
  const id = vector.vertices[corner]?.id;
  const found = vector.vertices.findIndex((vertex) => vertex.prev === id);
  return found < 0 ? undefined : found;
}
