/**
 * The magic wand: a press takes what looks alike around it, pulling away takes more, or less towards the left. A
 * selected mask grows by it, else a new region is made. Enter does it in the middle, for hands without a mouse.
 */
import { spreadFrom, united } from "../../geometry/wand";
import { toImage } from "../../view";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

/** How far one pulls for one step of likeness: CSS pixels. */
const PULL_PX = 3;
const maths = { spreadFrom, united };

export class WandIdle implements State {
  constructor(private readonly host: ToolHost) {}

  enter(): void {
    this.host.cursor("crosshair");
  }

  pointer(input: PointerInput): boolean {
    const { host } = this;
    if (input.kind !== "down" || input.button !== 0 || host.readOnly) return input.kind === "move";
    if (host.beginWand(input.image, maths)) host.machine.go("wand/spreading", input);
    return true;
  }

  key(input: KeyInput): boolean {
    const { host } = this;
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || host.readOnly) return false;
    const { width, height } = host.view.screen;
    if (host.beginWand(toImage(host.view.state, { x: width / 2, y: height / 2 }), maths))
      host.endStroke(true);
    return true;
  }

  /** The first Escape ends the region, so that the next press begins another. */
  cancel(): boolean {
    if (this.host.selection().length === 0) return false;
    this.host.select([]);
    return true;
  }
}

export class WandSpreading implements State {
  private start: PointerInput | undefined;

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    this.start = info as PointerInput;
  }

  exit(): void {
    this.host.endStroke(false);
  }

  pointer(input: PointerInput): boolean {
    if (this.start === undefined) return false;
    if (input.kind === "move")
      this.host.spreadWand(Math.round((input.screen.x - this.start.screen.x) / PULL_PX));
    if (input.kind !== "up") return true;
    this.host.endStroke(true);
    this.host.machine.go("wand/idle");
    return true;
  }

  cancel(): boolean {
    this.host.machine.go("wand/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }
}
