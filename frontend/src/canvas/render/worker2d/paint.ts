/**
 * Paints the scene with a 2D context: the same looks as the shaders, one region after the other.
 *
 * It runs in the worker. Many regions in one path are slower than each on its own, so nothing is grouped.
 */
import type { Bounds } from "../../geometry/points";
import { type Columns, FLAG, GEOMETRY, KIND } from "../../scene";
import { matrix, type ViewState } from "../../view";
import { DASH_PX, POINT_RADIUS_PX, SMALLEST_PX, type Style } from "../renderer";

export interface PaintScene extends Columns {
  readonly length: number;
  readonly corners: readonly (Float32Array | undefined)[];
}

export interface PaintJob {
  readonly scene: PaintScene;
  readonly styles: readonly Style[];
  readonly hidden: ReadonlySet<number>;
  readonly view: ViewState;
  readonly ratio: number;
  /** What part of the image plane is painted: the rest is skipped. */
  readonly visible: Bounds;
}

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** In this order, as everywhere: polygons, boxes, ellipses, points. */
const PASSES = [KIND.polygon, KIND.rect, KIND.ellipse, KIND.point] as const;

/** Paints a job; gives the number of regions painted. */
export function paint(ctx: Context, job: PaintJob): number {
  const { scene, visible } = job;
  const passes: number[][] = [[], [], [], [], []];
  const margin = 8 / job.view.scale;
  for (let row = 0; row < scene.length; row += 1) {
    const kind = scene.kind[row] as number;
    if (kind === KIND.none || job.hidden.has(row) || ((scene.flags[row] ?? 0) & FLAG.hidden) !== 0) continue;
    const b = row * 4;
    if (
      (scene.bounds[b] as number) > visible.maxX + margin ||
      (scene.bounds[b + 2] as number) < visible.minX - margin
    )
      continue;
    if (
      (scene.bounds[b + 1] as number) > visible.maxY + margin ||
      (scene.bounds[b + 3] as number) < visible.minY - margin
    )
      continue;
    if (job.styles[scene.style[row] as number]?.hidden !== true) passes[kind]?.push(row);
  }
  const painter = new Painter(ctx, job);
  for (const kind of PASSES) for (const row of passes[kind] ?? []) painter.region(kind, row);
  return passes.reduce((sum, rows) => sum + rows.length, 0);
}

class Painter {
  private readonly m: readonly [number, number, number, number, number, number];
  private readonly scale: number;
  private readonly turn: number;
  private readonly looks: readonly { fill: string; line: string; width: number }[];

  constructor(
    private readonly ctx: Context,
    private readonly job: PaintJob,
  ) {
    const { view, ratio } = job;
    this.m = matrix(view).map((n) => n * ratio) as unknown as typeof this.m;
    this.scale = view.scale * ratio;
    this.turn = (view.rotation * Math.PI) / 180;
    this.looks = job.styles.map(({ color: [r, g, b], fillOpacity, strokeWidth }) => ({
      fill: `rgba(${r},${g},${b},${fillOpacity})`,
      line: `rgb(${r},${g},${b})`,
      width: strokeWidth * ratio,
    }));
  }

  region(kind: number, row: number): void {
    const { ctx, job } = this;
    const look = this.looks[job.scene.style[row] as number];
    if (look === undefined) return;
    ctx.fillStyle = look.fill;
    ctx.strokeStyle = look.line;
    ctx.lineWidth = look.width;
    const dashed = ((job.scene.flags[row] ?? 0) & FLAG.predicted) !== 0;
    if (dashed) ctx.setLineDash(DASH_PX.map((px) => px * job.ratio));
    if (kind === KIND.polygon) this.polygon(row);
    else this.framed(kind, row, look.line);
    if (dashed) ctx.setLineDash([]);
  }

  private framed(kind: number, row: number, line: string): void {
    const { ctx, m } = this;
    const g = frameOf(this.job.scene.geometry, row);
    const x = m[0] * g.x + m[2] * g.y + m[4];
    const y = m[1] * g.x + m[3] * g.y + m[5];
    const least = (SMALLEST_PX * this.job.ratio) / 2;
    const [w, h] = [Math.max(least, g.w * this.scale), Math.max(least, g.h * this.scale)];
    if (kind === KIND.point) {
      this.point(x, y, line);
      return;
    }
    if (w === least && h === least) {
      ctx.fillStyle = line;
      ctx.fillRect(x - least, y - least, least * 2, least * 2);
      return;
    }
    if (kind === KIND.rect) {
      this.box(x, y, w, h, g.turn + this.turn);
      return;
    }
    ctx.beginPath();
    ctx.ellipse(x, y, w, h, g.turn + this.turn, 0, Math.PI * 2);
    ctx.fill();
    ctx.stroke();
  }

  /** Upright boxes stand on whole pixels: their lines are crisp. */
  private box(x: number, y: number, w: number, h: number, turn: number): void {
    const { ctx } = this;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    if (Math.abs(cos * sin) < 1e-4) {
      const [rx, ry] = Math.abs(cos) > 0.5 ? [w, h] : [h, w];
      const [left, top] = [Math.round(x - rx), Math.round(y - ry)];
      const [width, height] = [Math.round(x + rx) - left, Math.round(y + ry) - top];
      ctx.fillRect(left, top, width, height);
      ctx.strokeRect(left, top, width, height);
      return;
    }
    const corner = (u: number, v: number) =>
      [x + u * w * cos - v * h * sin, y + u * w * sin + v * h * cos] as const;
    ctx.beginPath();
    ctx.moveTo(...corner(-1, -1));
    ctx.lineTo(...corner(1, -1));
    ctx.lineTo(...corner(1, 1));
    ctx.lineTo(...corner(-1, 1));
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }

  private point(x: number, y: number, line: string): void {
    const { ctx } = this;
    const radius = POINT_RADIUS_PX * this.job.ratio;
    ctx.fillStyle = "#fff";
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, Math.PI * 2);
    ctx.fill();
    ctx.fillStyle = line;
    ctx.beginPath();
    ctx.arc(x, y, radius - 1.75 * this.job.ratio, 0, Math.PI * 2);
    ctx.fill();
  }

  private polygon(row: number): void {
    const { ctx, m } = this;
    const corners = this.job.scene.corners[row];
    if (corners === undefined) return;
    ctx.lineJoin = "round";
    ctx.beginPath();
    for (let i = 0; i < corners.length; i += 2) {
      const [px, py] = [corners[i] as number, corners[i + 1] as number];
      const [x, y] = [m[0] * px + m[2] * py + m[4], m[1] * px + m[3] * py + m[5]];
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    if (((this.job.scene.flags[row] ?? 0) & FLAG.open) === 0) {
      ctx.closePath();
      ctx.fill("evenodd");
    }
    ctx.stroke();
  }
}

function frameOf(
  geometry: Float32Array,
  row: number,
): { x: number; y: number; w: number; h: number; turn: number } {
  const g = row * GEOMETRY;
  const at = (i: number) => geometry[g + i] as number;
  return { x: at(0), y: at(1), w: at(2), h: at(3), turn: at(4) };
}
