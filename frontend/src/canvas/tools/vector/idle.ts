/** The vector tool at rest. Enter puts a line of two points in the middle, for hands without a mouse. */
import { newRegionId } from "../../../store/result";
import type { Vector } from "../../geometry/vectors";
import { middleFrame } from "../frame/idle";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";
import { described } from "../root";
import { beginHandle } from "../select/idle";

export class VectorIdle implements State {
  constructor(private readonly host: ToolHost) {}

  enter(): void {
    this.host.cursor("crosshair");
  }

  exit(): void {
    this.host.hot(undefined);
  }

  pointer(input: PointerInput): boolean {
    const { host } = this;
    const handle = host.handleAt(input.screen, input.touch);
    if (input.kind === "move") {
      host.hot(handle);
      host.cursor(handle?.cursor ?? "crosshair");
      return true;
    }
    if (input.kind !== "down" || input.button !== 0 || host.readOnly) return false;
    if (handle !== undefined) beginHandle(host, handle, input, "vector/idle");
    else if (host.canCreate("vector")) host.machine.go("vector/drawing", input);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || this.host.readOnly) return false;
    const { x, y, width, height } = middleFrame(this.host);
    const [first, second] = [newRegionId(), newRegionId()];
    const shape: Vector = {
      kind: "vector",
      closed: false,
      vertices: [
        { id: first, x, y: y + height, prev: null },
        { id: second, x: x + width, y, prev: first },
      ],
    };
    if (this.host.create(shape, true) !== undefined) this.host.announce(described(this.host, shape));
    return true;
  }
}
