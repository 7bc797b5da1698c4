/** Select, pulling a side or corner of a box or ellipse. Shift keeps the proportions. */
import { ellipseIn, type Rect, resized, type Shape } from "../../geometry/shapes";
import { frameOf, type ResizeHandle } from "../../handles";
import type { ToolHost } from "../host";
import type { PointerInput } from "../machine";
import { Gesture } from "./gesture";
import type { Press } from "./idle";

export class SelectResizing extends Gesture {
  private frame: Rect | null = null;
  private kind: Shape["kind"] = "rect";

  constructor(host: ToolHost) {
    super(host, "resize");
  }

  protected begin(press: Press): void {
    const shape = this.host.shapeOf(press.key ?? "");
    this.frame = shape === null ? null : frameOf(shape);
    this.kind = shape?.kind ?? "rect";
    this.host.hot(press.handle);
    this.host.cursor(press.handle?.cursor ?? "move");
  }

  protected pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape> {
    const { host, frame } = this;
    if (frame === null || press.key === undefined) return new Map();
    const { pull } = press.handle as ResizeHandle;
    const pulled = resized(frame, pull, host.place(input.image), input.shift);
    const safe: Rect = { ...pulled, width: Math.max(1, pulled.width), height: Math.max(1, pulled.height) };
    const shape = this.kind === "ellipse" ? ellipseIn(safe) : safe;
    return new Map([[press.key, host.snapped(press.key, shape)]]);
  }
}
