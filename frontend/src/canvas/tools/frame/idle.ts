/** A box or ellipse tool at rest. Enter puts a shape in the middle of what shows, for hands without a mouse. */
import type { Point } from "../../geometry/points";
import { ellipseIn, type Rect, rectBetween, type Shape } from "../../geometry/shapes";
import { toImage } from "../../view";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";
import { described } from "../root";
import { beginHandle } from "../select/idle";

export type FrameKind = "rect" | "ellipse";

export function framed(kind: FrameKind, frame: Rect): Shape {
  return kind === "ellipse" ? ellipseIn(frame) : frame;
}

export class FrameIdle implements State {
  constructor(
    private readonly host: ToolHost,
    private readonly kind: FrameKind,
    private readonly tool: string,
  ) {}

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
    if (handle !== undefined) beginHandle(host, handle, input, `${this.tool}/idle`);
    else if (host.canCreate(this.kind)) host.machine.go(`${this.tool}/drawing`, input);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || this.host.readOnly) return false;
    const frame = middleFrame(this.host);
    if (this.host.create(framed(this.kind, frame), true) !== undefined)
      this.host.announce(described(this.host, frame));
    return true;
  }
}

/** Gives a fifth of what shows of the picture, in its middle, in whole pixels. */
export function middleFrame(host: ToolHost): Rect {
  const { view } = host;
  const { width, height } = view.screen;
  const [low, high] = [
    { x: width * 0.4, y: height * 0.4 },
    { x: width * 0.6, y: height * 0.6 },
  ];
  const corner = (p: Point) => {
    const at = host.place(toImage(view.state, p));
    return { x: Math.round(at.x), y: Math.round(at.y) };
  };
  const frame = rectBetween(corner(low), corner(high));
  return { ...frame, width: Math.max(1, frame.width), height: Math.max(1, frame.height) };
}
