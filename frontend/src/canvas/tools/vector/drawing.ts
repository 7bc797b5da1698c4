/**
 * A vector being drawn, click by click. Pressing and pulling curves the new point, where the control allows it; a
 * click on an earlier point goes on from there, where paths may branch. The first point closes the path, where it
 * may be closed; a double click or Enter ends it; Backspace takes the last point back; Escape gives up.
 */
import { newRegionId } from "../../../store/result";
import { distance, type Point } from "../../geometry/points";
import { handleMoved, type Vector, type Vertex } from "../../geometry/vectors";
import { toScreen } from "../../view";
import { DRAG_PX, type ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

const ON_PX = 10;
const SAME_PX = 3;

export class VectorDrawing implements State {
  private vector: Vector = { kind: "vector", vertices: [], closed: false };
  /** The point the next one hangs on. */
  private from: string | null = null;
  private at: Point = { x: 0, y: 0 };
  private pressed: PointerInput | undefined;

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    this.vector = { kind: "vector", vertices: [], closed: false };
    this.from = null;
    this.host.select([]);
    this.host.cursor("crosshair");
    this.press(info as PointerInput);
  }

  exit(): void {
    this.host.draft(null);
    this.host.lead(null);
  }

  pointer(input: PointerInput): boolean {
    this.at = this.host.place(input.image);
    if (input.kind === "down" && input.button === 0) this.press(input);
    else if (input.kind === "up") this.release();
    else if (input.kind === "move" && this.pressed !== undefined) this.pull(input);
    else if (input.kind === "move") this.show(this.closes(input));
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down") return false;
    if (input.key === "Enter") return this.finish(false);
    const takesBack = input.key === "Backspace" || (input.mod && input.key === "z");
    if (!takesBack) return false;
    const vertices = this.vector.vertices.slice(0, -1);
    this.vector = { ...this.vector, vertices };
    this.from = vertices.at(-1)?.id ?? null;
    if (vertices.length === 0) this.cancel();
    else this.show(false);
    return true;
  }

  cancel(): boolean {
    this.host.machine.go("vector/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  private press(input: PointerInput): void {
    const { vertices } = this.vector;
    const { skeleton } = this.host.vectorRules;
    if (this.closes(input)) {
      this.finish(true);
      return;
    }
    const on = this.vertexAt(input);
    const last = vertices.at(-1);
    if (on !== undefined && on === last && on.id === this.from) {
      if (input.clicks >= 2 && this.onScreen(on, input) < SAME_PX + ON_PX) this.finish(false);
      return;
    }
    if (on !== undefined && skeleton) {
      this.from = on.id;
      this.show(false);
      return;
    }
    this.at = this.host.place(input.image);
    const made: Vertex = { id: newRegionId(), ...this.at, prev: this.from };
    this.vector = { ...this.vector, vertices: [...vertices, made] };
    this.from = made.id;
    this.pressed = input;
    this.show(false);
  }

  private pull(input: PointerInput): void {
    const { pressed } = this;
    if (pressed === undefined || !this.host.vectorRules.curves) return;
    if (distance(input.screen, pressed.screen) < DRAG_PX) return;
    this.vector = handleMoved(this.vector, this.vector.vertices.length - 1, "c2", input.image, false);
    this.show(false);
  }

  /** As many points as there may be end the path by themselves. */
  private release(): void {
    this.pressed = undefined;
    const { most } = this.host.vectorRules;
    if (most !== undefined && this.vector.vertices.length >= most) this.finish(false);
  }

  private closes(input: PointerInput): boolean {
    const [first] = this.vector.vertices;
    const { closable, skeleton } = this.host.vectorRules;
    if (!closable || skeleton || first === undefined || this.vector.vertices.length < 3) return false;
    return this.onScreen(first, input) <= ON_PX;
  }

  private vertexAt(input: PointerInput): Vertex | undefined {
    return this.vector.vertices.findLast((vertex) => this.onScreen(vertex, input) <= ON_PX);
  }

  private onScreen(p: Point, input: PointerInput): number {
    return distance(toScreen(this.host.view.state, p), input.screen);
  }

  private finish(closed: boolean): boolean {
    const { least } = this.host.vectorRules;
    if (this.vector.vertices.length < Math.max(2, least)) return true;
    const made = { ...this.vector, closed };
    this.host.machine.go("vector/idle");
    this.host.create(made);
    return true;
  }

  private show(closes: boolean): void {
    const from = this.vector.vertices.find((vertex) => vertex.id === this.from);
    this.host.draft(this.vector);
    const to = closes ? (this.vector.vertices[0] ?? this.at) : this.at;
    this.host.lead(from === undefined || this.pressed !== undefined ? null : { from, to, closes });
  }
}
