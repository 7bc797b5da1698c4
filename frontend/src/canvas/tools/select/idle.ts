/** Select, at rest: shows what is under the pointer and decides what a press begins. */
import { isCornered } from "../../geometry/corners";
import type { Handle } from "../../handles";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

/** What a press on a handle or region hands to the state that follows. */
export interface Press {
  readonly start: PointerInput;
  readonly key: string | undefined;
  readonly handle?: Handle;
  /** Where to go when the gesture is over. */
  readonly back: string;
}

export class SelectIdle implements State {
  private cycle = 0;
  private cycledAt = { x: -1e9, y: -1e9 };

  constructor(private readonly host: ToolHost) {}

  enter(): void {
    this.host.cursor("default");
  }

  exit(): void {
    this.host.hot(undefined);
    this.host.hover(undefined);
  }

  pointer(input: PointerInput): boolean {
    if (input.kind === "move") this.show(input);
    if (input.kind !== "down" || input.button !== 0) return false;
    const { host } = this;
    const handle = host.readOnly ? undefined : host.handleAt(input.screen, input.touch);
    if (handle !== undefined) {
      beginHandle(host, handle, input, "select/idle");
      return true;
    }
    const key = host.pick(input.screen, input.alt ? this.nextCycle(input) : 0);
    const press: Press = { start: input, key, back: "select/idle" };
    host.machine.go(key === undefined ? "select/marquee" : "select/pointing", press);
    return true;
  }

  /** Enter goes into the corners of the selected polygon or vector. */
  key(input: KeyInput): boolean {
    const { host } = this;
    const [key, ...others] = host.selection();
    if (input.kind !== "down" || input.key !== "Enter" || input.mod || others.length > 0) return false;
    if (key === undefined || host.readOnly || !host.editable(key)) return false;
    if (!isCornered(host.shapeOf(key)) || !host.machine.has("select/corners")) return false;
    host.machine.go("select/corners", key);
    return true;
  }

  private show(input: PointerInput): void {
    const { host } = this;
    const handle = host.readOnly ? undefined : host.handleAt(input.screen, input.touch);
    host.hot(handle);
    const key = handle === undefined ? host.pick(input.screen) : undefined;
    host.hover(key);
    const movable = key !== undefined && !host.readOnly && host.editable(key);
    host.cursor(handle?.cursor ?? (key === undefined ? "default" : movable ? "move" : "pointer"));
  }

  /** Alt and clicking at one place goes down through what lies there. */
  private nextCycle(input: PointerInput): number {
    const { x, y } = this.cycledAt;
    const same = Math.hypot(input.screen.x - x, input.screen.y - y) < 6;
    this.cycle = same ? this.cycle + 1 : 1;
    this.cycledAt = input.screen;
    return this.cycle;
  }
}

/** Begins what a handle is for; drawing tools use it too, for the region that was just made. */
export function beginHandle(host: ToolHost, handle: Handle, start: PointerInput, back: string): void {
  const press: Press = { start, key: host.selection()[0], handle, back };
  const path =
    handle.kind === "resize"
      ? "select/resizing"
      : handle.kind === "rotate"
        ? "select/rotating"
        : "select/corner";
  // Corners are moved by a tool that may be on its way yet.
  if (host.machine.has(path)) host.machine.go(path, press);
}
