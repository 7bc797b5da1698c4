/** Select, turning a box or ellipse around its centre. Shift goes in steps of 15 degrees. */
import { angleOf } from "../../geometry/points";
import { type Shape, shapeCenter, turned } from "../../geometry/shapes";
import type { ToolHost } from "../host";
import type { PointerInput } from "../machine";
import { Gesture } from "./gesture";
import type { Press } from "./idle";

const STEP = 15;

export class SelectRotating extends Gesture {
  private shape: Shape | null = null;

  constructor(host: ToolHost) {
    super(host, "rotate");
  }

  protected begin(press: Press): void {
    this.shape = this.host.shapeOf(press.key ?? "");
    this.host.hot(press.handle);
    this.host.cursor("grabbing");
  }

  protected pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape> {
    const { shape } = this;
    if (shape === null || press.key === undefined) return new Map();
    const center = shapeCenter(shape);
    const before = "rotation" in shape ? shape.rotation : 0;
    let by = angleOf(input.image, center) - angleOf(press.start.image, center);
    if (input.shift) by = Math.round((before + by) / STEP) * STEP - before;
    return new Map([[press.key, turned(shape, by)]]);
  }
}
