/**
 * A polygon being drawn, click by click. The first corner, a double click or Enter closes it; Backspace takes
 * the last corner back; Escape gives up. Pressing and pulling puts corners down like clicking does.
 */
import { distance, type Point } from "../../geometry/points";
import { toScreen } from "../../view";
import type { ToolHost } from "../host";
import type { KeyInput, PointerInput, State } from "../machine";

const CLOSE_PX = 10;
const SAME_PX = 3;

export class PolygonDrawing implements State {
  private points: Point[] = [];
  private at: Point = { x: 0, y: 0 };

  constructor(private readonly host: ToolHost) {}

  enter(info: unknown): void {
    const input = info as PointerInput;
    this.points = [this.host.place(input.image)];
    this.at = input.image;
    this.host.select([]);
    this.host.cursor("crosshair");
    this.show(false);
  }

  exit(): void {
    this.host.draft(null);
    this.host.lead(null);
  }

  pointer(input: PointerInput): boolean {
    this.at = this.host.place(input.image);
    const closes = this.wouldClose(input);
    if (input.kind === "down" && input.button === 0) this.press(input, closes);
    else if (input.kind === "move") this.show(closes);
    return true;
  }

  key(input: KeyInput): boolean {
    if (input.kind !== "down") return false;
    if (input.key === "Enter") return this.finish();
    const takesBack = input.key === "Backspace" || (input.mod && input.key === "z");
    if (!takesBack) return false;
    this.points.pop();
    if (this.points.length === 0) this.cancel();
    else this.show(false);
    return true;
  }

  cancel(): boolean {
    this.host.machine.go("polygon/idle");
    return true;
  }

  interrupt(): void {
    this.cancel();
  }

  private press(input: PointerInput, closes: boolean): void {
    const last = this.points.at(-1);
    const same = last !== undefined && this.onScreen(last, input) < SAME_PX;
    if (closes || (input.clicks >= 2 && same)) {
      this.finish();
      return;
    }
    if (!same) this.points.push(this.at);
    this.show(false);
  }

  private wouldClose(input: PointerInput): boolean {
    const first = this.points[0];
    return this.points.length >= 3 && first !== undefined && this.onScreen(first, input) <= CLOSE_PX;
  }

  private onScreen(p: Point, input: PointerInput): number {
    return distance(toScreen(this.host.view.state, p), input.screen);
  }

  private finish(): boolean {
    if (this.points.length < 3) return true;
    const points = this.points;
    this.host.machine.go("polygon/idle");
    this.host.create({ kind: "polygon", points, closed: true });
    return true;
  }

  private show(closes: boolean): void {
    const from = this.points.at(-1);
    this.host.draft({ kind: "polygon", points: this.points.slice(), closed: false });
    this.host.lead(
      from === undefined ? null : { from, to: closes ? (this.points[0] ?? from) : this.at, closes },
    );
  }
}
