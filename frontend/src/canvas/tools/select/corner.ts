/**
 * Select, pulling a corner of a polygon or a point of a vector, or a new one out of an edge, or a curve's handle.
 * Alt and a click on a corner removes it.
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
import type { Shape } from "../../geometry/shapes";
import { handleMoved } from "../../geometry/vectors";
import type { ToolHost } from "../host";
import type { PointerInput } from "../machine";
import { Gesture } from "./gesture";
import type { Press } from "./idle";

export class SelectCorner extends Gesture {
  private shape: Cornered | null = null;
  private moved = false;
  /** The name of a point pulled out of an edge, the same as long as it is pulled. */
  private newId = "";

  constructor(host: ToolHost) {
    super(host, "corner");
  }

  protected begin(press: Press): void {
    const shape = this.host.shapeOf(press.key ?? "");
    this.shape = isCornered(shape) ? shape : null;
    this.moved = false;
    this.newId = newRegionId();
    this.host.hot(press.handle);
  }

  override pointer(input: PointerInput): boolean {
    const { press } = this;
    this.moved ||= input.kind === "move";
    const { handle } = press ?? {};
    if (press !== undefined && input.kind === "up" && handle?.kind === "corner" && !this.moved) {
      if (press.start.alt || press.start.clicks === 2) {
        this.remove(press, handle.corner);
        this.host.machine.go(press.back);
        return true;
      }
    }
    return super.pointer(input);
  }

  protected pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape> {
    const { shape, host } = this;
    const { handle } = press;
    if (shape === null || press.key === undefined || handle === undefined) return new Map();
    const at = host.place(input.image);
    const pulled = () => {
      if (handle.kind === "corner") return cornerMoved(shape, handle.corner, at);
      if (handle.kind === "edge") return cornerInserted(shape, handle.corner, this.newId, at);
      if (handle.kind !== "curve" || shape.kind !== "vector") return shape;
      return handleMoved(shape, handle.corner, handle.which, input.image, input.alt);
    };
    return new Map([[press.key, pulled()]]);
  }

  private remove(press: Press, corner: number): void {
    const { shape, host } = this;
    if (shape === null || press.key === undefined || cornersIn(shape).length <= fewest(shape)) return;
    host.change("corner", new Map([[press.key, cornerRemoved(shape, corner)]]));
  }
}
