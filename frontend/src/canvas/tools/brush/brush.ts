/** The brush and the eraser: a stroke is one undo step, and adds to (or takes from) the selected mask. */
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

export class BrushIdle implements State {
  constructor(
    private readonly host: ToolHost,
    private readonly tool: "brush" | "erase",
  ) {}

  enter(): void {
    this.host.cursor("crosshair");
  }

  pointer(input: PointerInput): boolean {
    if (input.kind !== "down" || input.button !== 0 || this.host.readOnly) return input.kind === "move";
    if (this.host.beginStroke(this.tool === "erase", input.image))
      this.host.machine.go(`${this.tool}/painting`);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down" || input.mod || (input.key !== "[" && input.key !== "]")) return false;
    this.host.scaleBrush(input.key === "]" ? 1.25 : 0.8);
    return true;
  }

  /** The first Escape ends the region being painted, so that the next stroke begins another. */
  cancel(): boolean {
    if (this.host.selection().length === 0) return false;
    this.host.select([]);
    return true;
  }
}

export class BrushPainting implements State {
  constructor(
    private readonly host: ToolHost,
    private readonly tool: "brush" | "erase",
  ) {}

  exit(): void {
    this.host.endStroke(false);
  }

  pointer(input: PointerInput): boolean {
    if (input.kind === "move") this.host.stroke([...(input.trail ?? []), input.image]);
    if (input.kind !== "up") return true;
    this.host.endStroke(true);
    this.host.machine.go(`${this.tool}/idle`);
    return true;
  }

  cancel(): boolean {
    this.host.machine.go(`${this.tool}/idle`);
    return true;
  }

  interrupt(): void {
    this.cancel();
  }
}
