/** Select, pulling a corner of a polygon, or a new one out of an edge. Alt and a click on a corner removes it. */
import type { Polygon, Shape } from "../../geometry/shapes";
import type { CornerHandle, EdgeHandle } from "../../handles";
import type { ToolHost } from "../host";
import type { PointerInput } from "../machine";
import { Gesture } from "./gesture";
import type { Press } from "./idle";

export class SelectCorner extends Gesture {
  private polygon: Polygon | null = null;
  private moved = false;

  constructor(host: ToolHost) {
    super(host, "corner");
  }

  protected begin(press: Press): void {
    const shape = this.host.shapeOf(press.key ?? "");
    this.polygon = shape?.kind === "polygon" ? shape : null;
    this.moved = false;
    this.host.hot(press.handle);
  }

  override pointer(input: PointerInput): boolean {
    const { press } = this;
    this.moved ||= input.kind === "move";
    const removes =
      press?.handle?.kind === "corner" && (press.start.alt || press.start.clicks === 2) && !this.moved;
    if (input.kind === "up" && removes && press !== undefined) {
      this.remove(press, press.handle as CornerHandle);
      this.host.machine.go(press.back);
      return true;
    }
    return super.pointer(input);
  }

  protected pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape> {
    const { polygon, host } = this;
    if (polygon === null || press.key === undefined) return new Map();
    const { corner, kind } = press.handle as CornerHandle | EdgeHandle;
    const points = polygon.points.slice();
    points.splice(corner, kind === "corner" ? 1 : 0, host.place(input.image));
    return new Map([[press.key, { ...polygon, points }]]);
  }

  private remove(press: Press, handle: CornerHandle): void {
    const { polygon, host } = this;
    if (polygon === null || press.key === undefined || polygon.points.length <= 3) return;
    const points = polygon.points.filter((_, i) => i !== handle.corner);
    host.change("corner", new Map([[press.key, { ...polygon, points }]]));
  }
}
