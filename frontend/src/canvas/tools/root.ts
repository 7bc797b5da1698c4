/** What every tool has in common: keys for what is selected, switching tools, undo. Escape goes back to select. */
import { type Point, turn } from "../geometry/points";
import { grown, keptWithin, moved, type Shape, shapeBounds, turned } from "../geometry/shapes";
import type { ToolHost } from "./host";
import type { KeyInput, State } from "./machine";

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * Gives the way an arrow key moves things, in image pixels: one, ten with Shift. It means a direction on the
 * screen, also when the picture is turned. Nothing for other keys.
 */
export function directionOf(input: KeyInput, rotation: number): Point | undefined {
  const arrow = ARROWS[input.key];
  const step = input.shift ? 10 : 1;
  return arrow === undefined ? undefined : turn({ x: arrow.x * step, y: arrow.y * step }, -rotation);
}

export class Root implements State {
  constructor(private readonly host: ToolHost) {}

  cancel(): boolean {
    if (this.host.machine.tool !== "select") {
      this.host.machine.go("select/idle");
      return true;
    }
    if (this.host.selection().length === 0) return false;
    this.host.select([]);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind === "up") return false;
    const arrow = directionOf(input, this.host.view.state.rotation);
    if (arrow !== undefined) return this.arrow(arrow, input);
    if (input.mod) return this.command(input);
    return !input.alt && this.plain(input);
  }

  private command(input: KeyInput): boolean {
    const { host } = this;
    const selected = host.selection();
    const commands: Readonly<Record<string, () => void>> = {
      a: () => host.select(host.keys()),
      c: () => host.copy(selected),
      d: () => host.duplicate(selected, { x: 10, y: 10 }),
      v: () => host.paste(),
      z: () => (input.shift ? host.redo() : host.undo()),
      y: () => host.redo(),
    };
    const run = commands[input.key];
    run?.();
    return run !== undefined;
  }

  private plain(input: KeyInput): boolean {
    const { host } = this;
    const selected = host.selection();
    switch (input.key) {
      case "Tab":
        return this.next(input.shift ? -1 : 1);
      case "Delete":
      case "Backspace":
        if (selected.length === 0 || host.readOnly) return false;
        host.remove(selected);
        return true;
      case ",":
      case ".":
        return this.turn((input.key === "," ? -1 : 1) * (input.shift ? 15 : 1));
      case "<":
      case ">":
        return this.turn(input.key === "<" ? -15 : 15);
      case "[":
      case "]":
        if (selected.length === 0) return false;
        host.reorder(selected, input.key === "[" ? -1 : 1);
        return true;
      default:
        return false;
    }
  }

  /** Goes to the next region; past the last one Tab leaves the canvas, so that nobody is trapped. */
  private next(step: 1 | -1): boolean {
    const { host } = this;
    const keys = host.keys();
    const current = host.selection().at(-1);
    const from = current === undefined ? (step > 0 ? -1 : keys.length) : keys.indexOf(current);
    const key = keys[from + step];
    if (key === undefined) return false;
    host.select([key]);
    const shape = host.shapeOf(key);
    if (shape !== null) {
      const b = shapeBounds(shape);
      host.view.reveal({ x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 });
    }
    host.announce(host.say("regionOf", { place: from + step + 1, count: keys.length }));
    return true;
  }

  private arrow(by: Point, input: KeyInput): boolean {
    const { host } = this;
    if (host.selection().length === 0 || host.readOnly || input.mod) return false;
    const [verb, change] = input.alt
      ? (["resize", (shape: Shape) => grown(shape, by)] as const)
      : ([
          "nudge",
          (shape: Shape) => moved(shape, keptWithin(shapeBounds(shape), by, host.view.imageBounds)),
        ] as const);
    this.changeSelected(verb, change);
    return true;
  }

  private turn(degrees: number): boolean {
    const { host } = this;
    const turnable = host.selection().filter((key) => host.canRotate(key));
    if (turnable.length === 0 || host.readOnly) return false;
    this.changeSelected("rotate", (shape) => turned(shape, degrees), turnable);
    return true;
  }

  private changeSelected(verb: string, change: (shape: Shape) => Shape, keys = this.host.selection()): void {
    const { host } = this;
    const shapes = new Map<string, Shape>();
    for (const key of keys) {
      const shape = host.shapeOf(key);
      if (shape !== null && host.editable(key)) shapes.set(key, change(shape));
    }
    host.change(verb, shapes, `${verb} ${keys.join()}`);
    const first = shapes.values().next().value;
    if (first !== undefined) host.announce(described(host, first));
  }
}

/** Says where a shape is, in whole pixels. */
export function described(host: Pick<ToolHost, "say">, shape: Shape): string {
  const b = shapeBounds(shape);
  const [x, y] = [Math.round(b.minX), Math.round(b.minY)];
  if (shape.kind === "point") return host.say("pointAt", { x, y });
  return host.say("boxAt", { x, y, width: Math.round(b.maxX - b.minX), height: Math.round(b.maxY - b.minY) });
}
