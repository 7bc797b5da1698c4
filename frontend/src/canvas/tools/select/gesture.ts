/**
 * What all pulling gestures share: they show a preview while they last, change the document once at the end,
 * and leave nothing behind when given up.
 */
import type { Shape } from "../../geometry/shapes";
import type { ToolHost } from "../host";
import type { PointerInput, State } from "../machine";
import type { Press } from "./idle";

export abstract class Gesture implements State {
  protected press: Press | undefined;
  private shapes: ReadonlyMap<string, Shape> | undefined;

  constructor(
    protected readonly host: ToolHost,
    private readonly mark: string,
  ) {}

  enter(info: unknown): void {
    this.press = info as Press;
    this.shapes = undefined;
    this.begin(this.press);
  }

  exit(): void {
    this.host.preview(null);
    this.host.hot(undefined);
  }

  pointer(input: PointerInput): boolean {
    const { press } = this;
    if (press === undefined) return false;
    if (input.kind === "move") {
      this.shapes = this.pull(input, press);
      this.host.preview(this.shapes);
    } else if (input.kind === "up") {
      const shapes = this.shapes;
      if (shapes !== undefined) this.host.change(this.mark, shapes);
      this.host.machine.go(press.back);
    }
    return true;
  }

  cancel(): boolean {
    this.host.machine.go(this.press?.back ?? "select/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  /** Remembers what the gesture starts from. */
  protected abstract begin(press: Press): void;
  /** Gives the shapes as they would be if the pointer were let go now. */
  protected abstract pull(input: PointerInput, press: Press): ReadonlyMap<string, Shape>;
}
