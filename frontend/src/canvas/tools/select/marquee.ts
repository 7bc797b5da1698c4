/** Select, pulling up a rectangle over what is to be selected. A mere click on nothing selects nothing. */
import { boundsOf, distance } from "../../geometry/points";
import { toImage } from "../../view";
import { DRAG_PX, type ToolHost } from "../host";
import type { PointerInput, State } from "../machine";
import type { Press } from "./idle";

export class SelectMarquee implements State {
  private press: Press | undefined;
  private before: readonly string[] = [];
  private pulled = false;

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    this.press = info as Press;
    this.before = this.host.selection();
    this.pulled = false;
  }

  exit(): void {
    this.host.marquee(null);
  }

  pointer(input: PointerInput): boolean {
    const { host, press } = this;
    if (press === undefined) return false;
    const adds = press.start.shift || press.start.mod;
    if (input.kind === "up") {
      if (!this.pulled && !adds) host.select([]);
      host.machine.go("select/idle");
      return true;
    }
    this.pulled ||= distance(input.screen, press.start.screen) >= DRAG_PX;
    if (!this.pulled) return true;
    const bounds = boundsOf([press.start.screen, input.screen]);
    host.marquee(bounds);
    const [a, b] = [
      { x: bounds.minX, y: bounds.minY },
      { x: bounds.maxX, y: bounds.maxY },
    ];
    const within = host.pickWithin(boundsOf([toImage(host.view.state, a), toImage(host.view.state, b)]));
    host.select(adds ? [...this.before, ...within] : within);
    return true;
  }

  cancel(): boolean {
    this.host.select(this.before);
    this.host.machine.go("select/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }
}
