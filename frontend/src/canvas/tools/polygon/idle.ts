/** The polygon tool at rest. Enter puts a four-cornered polygon in the middle, for hands without a mouse. */
import { rectCorners, type Shape } from "../../geometry/shapes";
import { middleFrame } from "../frame/idle";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";
import { described } from "../root";
import { beginHandle } from "../select/idle";

export class PolygonIdle implements State {
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
    if (handle !== undefined) beginHandle(host, handle, input, "polygon/idle");
    else if (host.canCreate("polygon")) host.machine.go("polygon/drawing", input);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || this.host.readOnly) return false;
    const shape: Shape = { kind: "polygon", points: rectCorners(middleFrame(this.host)), closed: true };
    if (this.host.create(shape, true) !== undefined) this.host.announce(described(this.host, shape));
    return true;
  }
}
