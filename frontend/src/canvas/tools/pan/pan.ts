/** Moving the picture: the hand tool, the middle button, or Space held in any tool. */
import { minus, type Point } from "../../geometry/points";
import type { ToolHost } from "../host";
import type { PointerInput, State } from "../machine";

export class PanIdle implements State {
  constructor(private readonly host: ToolHost) {}

  enter(): void {
    this.host.cursor("grab");
  }

  pointer(input: PointerInput): boolean {
    if (input.kind === "down" && input.button === 0)
      this.host.machine.go("pan/panning", { input, back: "pan/idle" });
    return true;
  }
}

export class Panning implements State {
  private last: Point = { x: 0, y: 0 };
  private back = "pan/idle";

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    const { input, back } = info as { input: PointerInput; back: string };
    this.last = input.screen;
    this.back = back;
    this.host.cursor("grabbing");
  }

  pointer(input: PointerInput): boolean {
    if (input.kind === "move") {
      this.host.view.panBy(minus(input.screen, this.last));
      this.last = input.screen;
    } else if (input.kind === "up") this.host.machine.go(this.back);
    return true;
  }

  cancel(): boolean {
    this.host.machine.go(this.back);
    return true;
  }

  interrupt(): void {
    this.cancel();
  }
}
