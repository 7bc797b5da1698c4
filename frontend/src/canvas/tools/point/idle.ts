/** The key point tool: a click puts one down; Enter puts one in the middle. */
import type { Point } from "../../geometry/points";
import { toImage } from "../../view";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

/** How large a new key point says it is, in screen pixels at the moment it is made. */
const SIZE_PX = 6;

export class PointIdle implements State {
  constructor(private readonly host: ToolHost) {}

  enter(): void {
    this.host.cursor("crosshair");
  }

  pointer(input: PointerInput): boolean {
    if (input.kind === "move") {
      this.host.cursor("crosshair");
      return true;
    }
    if (input.kind !== "down" || input.button !== 0 || this.host.readOnly) return false;
    this.put(input.image);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || this.host.readOnly) return false;
    const { width, height } = this.host.view.screen;
    const at = toImage(this.host.view.state, { x: width / 2, y: height / 2 });
    this.put({ x: Math.round(at.x), y: Math.round(at.y) }, true);
    return true;
  }

  private put(p: Point, byKeys = false): void {
    if (!this.host.canCreate("point")) return;
    const size = SIZE_PX / this.host.view.state.scale;
    this.host.create({ kind: "point", ...this.host.place(p), size }, byKeys);
  }
}
