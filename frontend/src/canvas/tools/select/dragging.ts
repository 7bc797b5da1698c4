/** Select, moving regions. Shift holds to the axis the pointer went along most. */
import { joined } from "../../geometry/arrange";
import { type Bounds, minus, type Point } from "../../geometry/points";
import { keptWithin, moved, type Shape, shapeBounds } from "../../geometry/shapes";
import type { ToolHost } from "../host";
import type { PointerInput } from "../machine";
import { Gesture } from "./gesture";
import type { Press } from "./idle";

export class SelectDragging extends Gesture {
  private starts = new Map<string, Shape>();
  private bounds: Bounds = { minX: 0, minY: 0, maxX: 0, maxY: 0 };

  constructor(host: ToolHost) {
    super(host, "move");
  }

  protected begin(): void {
    this.starts = new Map();
    for (const key of this.host.selection()) {
      const shape = this.host.shapeOf(key);
      if (shape !== null && this.host.editable(key)) this.starts.set(key, shape);
    }
    this.bounds = joined([...this.starts.values()].map(shapeBounds));
    this.host.cursor("grabbing");
  }

  protected pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape> {
    const { host } = this;
    const straight = input.shift
      ? alongAxis(minus(input.image, press.start.image))
      : minus(input.image, press.start.image);
    // Control holds snapping off, as long as it is down.
    const near = input.mod ? straight : host.snapMove(this.bounds, straight);
    const by = keptWithin(this.bounds, near, host.view.imageBounds);
    return new Map([...this.starts].map(([key, shape]) => [key, host.snapped(key, moved(shape, by))]));
  }
}

function alongAxis(by: Point): Point {
  return Math.abs(by.x) > Math.abs(by.y) ? { x: by.x, y: 0 } : { x: 0, y: by.y };
}
