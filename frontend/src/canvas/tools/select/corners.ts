/**
 * Select, a polygon's corners by keyboard: Tab goes from corner to corner, arrows move one, Insert adds one after
 * it, Delete takes it away, Escape or Enter is done. A press of the pointer ends it as well.
 */
import { clamp, middle, type Point } from "../../geometry/points";
import type { Polygon } from "../../geometry/shapes";
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

  private edit(input: KeyInput, polygon: Polygon): boolean {
    const by = directionOf(input, this.host.view.state.rotation);
    if (by !== undefined) return this.move(polygon, by);
    switch (input.key) {
      case "Tab":
        return this.step(polygon, input.shift ? -1 : 1);
      case "Insert":
        return this.insert(polygon);
      case "Delete":
      case "Backspace":
        return this.remove(polygon);
      case "Enter":
        return this.cancel();
      default:
        return false;
    }
  }

  key(input: KeyInput): boolean {
    const polygon = this.polygon();
    if (input.kind !== "down" || input.mod || input.alt) return false;
    return polygon === undefined ? this.cancel() : this.edit(input, polygon);
  }

  cancel(): boolean {
    this.host.machine.go("select/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  private polygon(): Polygon | undefined {
    const shape = this.host.selection().includes(this.region) ? this.host.shapeOf(this.region) : null;
    return shape?.kind === "polygon" ? shape : undefined;
  }

  private step(polygon: Polygon, by: 1 | -1): boolean {
    this.corner = (this.corner + by + polygon.points.length) % polygon.points.length;
    this.tell();
    return true;
  }

  private move(polygon: Polygon, by: Point): boolean {
    const { width, height } = this.host.view.image;
    const points = polygon.points.map((p, i) =>
      i === this.corner ? { x: clamp(p.x + by.x, 0, width), y: clamp(p.y + by.y, 0, height) } : p,
    );
    this.change(points, `corner ${this.region} ${this.corner}`);
    return true;
  }

  private insert(polygon: Polygon): boolean {
    const here = polygon.points[this.corner];
    const next = polygon.points[(this.corner + 1) % polygon.points.length];
    if (here === undefined || next === undefined) return true;
    const points = polygon.points.slice();
    this.corner += 1;
    points.splice(this.corner, 0, middle(here, next));
    this.change(points);
    return true;
  }

  private remove(polygon: Polygon): boolean {
    if (polygon.points.length <= 3) {
      this.host.announce("A polygon has at least three corners");
      return true;
    }
    const points = polygon.points.filter((_, i) => i !== this.corner);
    this.corner = Math.min(this.corner, points.length - 1);
    this.change(points);
    return true;
  }

  private change(points: readonly Point[], merge?: string): void {
    const polygon = this.polygon();
    if (polygon === undefined) return;
    this.host.change("corner", new Map([[this.region, { ...polygon, points }]]), merge);
    this.tell();
  }

  private tell(): void {
    const polygon = this.polygon();
    const p = polygon?.points[this.corner];
    if (polygon === undefined || p === undefined) return;
    this.host.hot({ kind: "corner", corner: this.corner, at: p, cursor: "move" });
    this.host.view.reveal(p);
    this.host.announce(
      `Corner ${this.corner + 1} of ${polygon.points.length}, x ${Math.round(p.x)}, y ${Math.round(p.y)}`,
    );
  }
}
