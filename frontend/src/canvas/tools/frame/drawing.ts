/** A box or ellipse being drawn: pull and let go, or click, move, click. Shift makes it as wide as high. */
import { distance, type Point } from "../../geometry/points";
import { type Rect, rectBetween } from "../../geometry/shapes";
import { DRAG_PX, type ToolHost } from "../host";
import type { PointerInput, State } from "../machine";
import { type FrameKind, framed } from "./idle";

export class FrameDrawing implements State {
  private start: Point = { x: 0, y: 0 };
  private pressed: Point = { x: 0, y: 0 };
  private released = false;

  constructor(
    private readonly host: ToolHost,
    private readonly kind: FrameKind,
    private readonly tool: string,
  ) {}

  enter(info: unknown): void {
    const input = info as PointerInput;
    this.start = this.host.place(input.image);
    this.pressed = input.screen;
    this.released = false;
    this.host.cursor("crosshair");
    this.host.select([]);
  }

  exit(): void {
    this.host.draft(null);
  }

  pointer(input: PointerInput): boolean {
    const dragged = distance(input.screen, this.pressed) >= DRAG_PX;
    if (input.kind === "move") {
      this.host.draft(framed(this.kind, this.frame(input)));
      return true;
    }
    if (input.kind === "up" && !this.released && !dragged) {
      this.released = true;
      return true;
    }
    if (input.kind === "up" ? !this.released : dragged && input.button === 0) this.finish(input);
    return true;
  }

  cancel(): boolean {
    this.host.machine.go(`${this.tool}/idle`);
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  private finish(input: PointerInput): void {
    const frame = this.frame(input);
    this.host.machine.go(`${this.tool}/idle`);
    if (frame.width >= 1 && frame.height >= 1) this.host.create(framed(this.kind, frame));
  }

  private frame(input: PointerInput): Rect {
    const to = this.host.place(input.image);
    if (!input.shift) return rectBetween(this.start, to);
    const side = Math.max(Math.abs(to.x - this.start.x), Math.abs(to.y - this.start.y));
    const corner = {
      x: this.start.x + side * Math.sign(to.x - this.start.x || 1),
      y: this.start.y + side * Math.sign(to.y - this.start.y || 1),
    };
    return rectBetween(this.start, corner);
  }
}
