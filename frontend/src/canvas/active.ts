/**
 * What the active layer has to show, and what the bulk has to leave out for it.
 *
 * A region that is selected or being changed is drawn by the overlay alone. When it is let go, the overlay keeps
 * it until the bulk renderer's picture has it again, so that nothing blinks.
 */
import type { Annotation } from "../store/annotation";
import type { Desk } from "./desk";
import type { Point } from "./geometry/points";
import type { Active, ImageRegions } from "./regions";
import type { ActiveShape } from "./render/overlay/overlay";
import type { Renderer } from "./render/renderer";
import { FLAG, type Scene } from "./scene";
import type { StyleTable } from "./styles";
import { toScreen, type View } from "./view";

const SHOWN_AT_MOST = 200;

export interface ActiveParts {
  readonly annotation: Annotation;
  readonly desk: Desk;
  readonly scene: Scene;
  readonly renderer: Renderer;
  readonly view: View;
  readonly regions: () => ImageRegions;
  readonly styles: () => StyleTable;
  readonly active: () => Active | undefined;
}

export class ActiveLayer {
  private hidden: ReadonlySet<number> = new Set();
  private lingering = new Map<string, ActiveShape>();

  constructor(private readonly parts: ActiveParts) {}

  /** What the active layer shows: drafts, what is selected or being changed, and what is pointed at. */
  shapes(): ActiveShape[] {
    const { preview, draft } = this.parts.desk.shown;
    const { selection } = this.parts.annotation;
    const shapes: ActiveShape[] = [];
    const keys = new Set([...selection.ids, ...(preview?.keys() ?? [])]);
    for (const key of keys) this.pushActive(shapes, key, "selected");
    const { hover } = selection;
    if (hover !== undefined && !keys.has(hover)) this.pushActive(shapes, hover, "hover");
    if (draft === null) return shapes;
    const active = this.parts.active();
    const control = active?.labelsControl ?? active?.control;
    const styles = this.parts.styles();
    const style = styles.at(styles.numberOf(control, active?.labels[0]));
    const label = this.titles(control, active?.labels ?? []);
    shapes.push({ key: "\u0000draft", shape: draft, ...style, state: "draft", predicted: false, label });
    return shapes;
  }

  private pushActive(shapes: ActiveShape[], key: string, state: ActiveShape["state"]): void {
    const row = this.parts.scene.rowOf(key);
    if (row === undefined || ((this.parts.scene.flags[row] ?? 0) & FLAG.hidden) !== 0) return;
    const shape = this.parts.desk.shown.preview?.get(key) ?? this.parts.regions().shapeOf(key);
    if (shape === null) return;
    const { control, labels } = this.parts.regions().labelled(key);
    const { color, fillOpacity, strokeWidth } = this.parts.styles().at(this.parts.scene.style[row] ?? 0);
    const predicted = ((this.parts.scene.flags[row] ?? 0) & FLAG.predicted) !== 0;
    const label = this.titles(control, labels);
    shapes.push({ key, shape, color, fillOpacity, strokeWidth, state, predicted, label });
  }

  private titles(control: string | undefined, labels: readonly string[]): string {
    return labels.map((label) => this.parts.styles().titleOf(control, label)).join(", ");
  }

  /** Hides from the bulk what the active layer draws; gives true when that is not what it was. */
  hide(shapes: readonly ActiveShape[]): boolean {
    const { preview } = this.parts.desk.shown;
    const rows = new Set<number>();
    const few = shapes.length <= SHOWN_AT_MOST;
    for (const { key, state } of shapes) {
      const row = this.parts.scene.rowOf(key);
      if (row !== undefined && ((state === "selected" && few) || preview?.has(key) === true)) rows.add(row);
    }
    if (rows.size === this.hidden.size && [...rows].every((row) => this.hidden.has(row))) return false;
    this.hidden = rows;
    this.parts.renderer.setHidden(rows);
    return true;
  }

  /** Gives what the active layer has let go of, for as long as the bulk's picture is of an earlier scene. */
  linger(shapes: readonly ActiveShape[]): ActiveShape[] {
    if (this.parts.renderer.current) {
      this.lingering = new Map(
        shapes.filter(({ state }) => state === "selected").map((shape) => [shape.key, shape]),
      );
      return [];
    }
    const shown = new Set(shapes.map(({ key }) => key));
    const rest: ActiveShape[] = [];
    for (const [key, shape] of this.lingering) {
      if (shown.has(key) || this.parts.scene.rowOf(key) === undefined) continue;
      rest.push({ ...shape, shape: this.parts.regions().shapeOf(key) ?? shape.shape, state: "lingering" });
    }
    for (const shape of shapes) if (shape.state === "selected") this.lingering.set(shape.key, shape);
    return rest.slice(0, SHOWN_AT_MOST);
  }

  lead(): { from: Point; to: Point; closes: boolean } | undefined {
    const { lead } = this.parts.desk.shown;
    if (lead === null) return undefined;
    const { state } = this.parts.view;
    return { from: toScreen(state, lead.from), to: toScreen(state, lead.to), closes: lead.closes };
  }
}
