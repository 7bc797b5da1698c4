/** Select, pressed on a region and not moved yet: a click selects, a pull drags. */
import { distance } from "../../geometry/points";
import { DRAG_PX, type ToolHost } from "../host";
import type { PointerInput, State } from "../machine";
import type { Press } from "./idle";

export class SelectPointing implements State {
  private press: Press | undefined;
  private wasSelected = false;

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    const { host } = this;
    this.press = info as Press;
    const key = this.press.key as string;
    this.wasSelected = host.selection().includes(key);
    if (this.press.start.shift || this.press.start.mod) return;
    // The first press takes the whole group; one on what is selected takes the region alone.
    if (!this.wasSelected) host.select(this.press.start.alt ? [key] : host.groupOf(key));
  }

  pointer(input: PointerInput): boolean {
    const { host, press } = this;
    if (press === undefined) return false;
    if (input.kind === "up") {
      this.click(press);
      host.machine.go(press.back);
    } else if (input.kind === "move" && distance(input.screen, press.start.screen) >= DRAG_PX) {
      if (!host.selection().includes(press.key as string))
        host.select([...host.selection(), press.key as string]);
      if (host.readOnly) return true;
      host.machine.go("select/dragging", press);
      host.machine.pointer(input);
    }
    return true;
  }

  cancel(): boolean {
    this.host.machine.go("select/idle");
    return true;
  }

  interrupt(): void {
    this.host.machine.go("select/idle");
  }

  /** Shift or Control adds and takes away; a plain click on one of many selects that one alone. */
  private click({ start, key }: Press): void {
    if (key === undefined) return;
    if (start.shift || start.mod) this.host.toggle(key);
    else if (this.wasSelected && !start.alt) this.host.select([key]);
  }
}
