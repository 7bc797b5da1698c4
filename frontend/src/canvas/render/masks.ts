/**
 * The layer of masks, under all other regions and over the picture: each mask is a small tinted bitmap, made once
 * and drawn as the view shows it. The stroke being painted lies in the same layer.
 */
import type { Mask } from "../geometry/masks";
import { type Bounds, overlap, type Point, type Size } from "../geometry/points";
import { FLAG, type Scene } from "../scene";
import { matrix, type ViewState, visibleBounds } from "../view";
import type { Style } from "./renderer";

/** Masks are all inside: thinner than this they could not be seen. */
const LEAST_OPACITY = 0.45;
const SELECTED_OPACITY = 0.65;
const KEPT_BITMAPS = 64;

type Rgb = Style["color"];

interface Tinted {
  readonly color: Rgb;
  readonly bitmap: OffscreenCanvas;
}

export interface MaskFrame {
  readonly scene: Scene;
  readonly styleAt: (number: number) => Style;
  readonly view: ViewState;
  readonly screen: Size;
  readonly ratio: number;
  readonly isSelected: (key: string) => boolean;
  /** The stroke under way, and the region it changes, which is not drawn beside it. */
  readonly stroke: BrushStroke | null;
  readonly strokeKey: string | undefined;
}

export class MaskLayer {
  private readonly ctx: CanvasRenderingContext2D;
  private readonly tinted = new Map<Mask, Tinted>();
  private wasEmpty = true;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.ctx = canvas.getContext("2d") as CanvasRenderingContext2D;
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  /** Gives the number of masks drawn. */
  draw(frame: MaskFrame): number {
    const { scene, view, ratio, stroke } = frame;
    if (scene.maskRows.size === 0 && stroke === null && this.wasEmpty) return 0;
    this.wasEmpty = scene.maskRows.size === 0 && stroke === null;
    const { ctx } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const [a, b, c, d, e, f] = matrix(view).map((n) => n * ratio) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    ctx.setTransform(a, b, c, d, e, f);
    ctx.imageSmoothingEnabled = view.scale * ratio < 1;
    const visible = visibleBounds(view, frame.screen);
    let drawn = 0;
    for (const row of scene.maskRows) drawn += this.drawRow(row, frame, visible) ? 1 : 0;
    if (stroke === null) return drawn;
    ctx.globalAlpha = SELECTED_OPACITY;
    ctx.drawImage(stroke.canvas, 0, 0);
    return drawn + 1;
  }

  private drawRow(row: number, frame: MaskFrame, visible: Bounds): boolean {
    const { scene } = frame;
    const mask = scene.masks[row];
    const key = scene.keyOf(row);
    if (mask === undefined || ((scene.flags[row] ?? 0) & FLAG.hidden) !== 0) return false;
    if (key === frame.strokeKey || mask.count === 0 || !overlap(scene.boundsOf(row), visible)) return false;
    const style = frame.styleAt(scene.style[row] ?? 0);
    if (style.hidden === true) return false;
    this.ctx.globalAlpha = frame.isSelected(key)
      ? SELECTED_OPACITY
      : Math.max(LEAST_OPACITY, style.fillOpacity);
    this.ctx.drawImage(this.tint(mask, style.color), mask.x, mask.y);
    return true;
  }

  /** The bitmaps used last are kept, the others made again when they are needed. */
  private tint(mask: Mask, color: Rgb): OffscreenCanvas {
    const known = this.tinted.get(mask);
    this.tinted.delete(mask);
    const bitmap = known?.color === color ? known.bitmap : tinted(mask, color);
    this.tinted.set(mask, { color, bitmap });
    if (this.tinted.size > KEPT_BITMAPS) this.tinted.delete(this.tinted.keys().next().value as Mask);
    return bitmap;
  }
}

function tinted(mask: Mask, [r, g, b]: Rgb): OffscreenCanvas {
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const pixels = new ImageData(mask.width, mask.height);
  const words = new Uint32Array(pixels.data.buffer);
  const word = (255 << 24) | (b << 16) | (g << 8) | r;
  for (let i = 0; i < mask.data.length; i += 1) if (mask.data[i] !== 0) words[i] = word;
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

/** What a stroke begins with: the mask it changes, if any, and a brush of `width` image pixels. */
export interface StrokeStart {
  readonly color: Rgb;
  readonly start: Mask | undefined;
  readonly width: number;
  readonly erase: boolean;
}

/** A stroke being painted or rubbed out, on pixels of its own. */
export class BrushStroke {
  readonly canvas: OffscreenCanvas;
  private readonly ctx: OffscreenCanvasRenderingContext2D;
  private last: Point | undefined;

  constructor(
    private readonly size: Size,
    { color, start, width, erase }: StrokeStart,
  ) {
    this.canvas = new OffscreenCanvas(size.width, size.height);
    this.ctx = this.canvas.getContext("2d", {
      willReadFrequently: false,
    }) as OffscreenCanvasRenderingContext2D;
    if (start !== undefined && start.count > 0) this.ctx.drawImage(tinted(start, color), start.x, start.y);
    this.ctx.lineCap = "round";
    this.ctx.lineJoin = "round";
    this.ctx.lineWidth = width;
    this.ctx.strokeStyle = `rgb(${color.join(" ")})`;
    this.ctx.globalCompositeOperation = erase ? "destination-out" : "source-over";
  }

  /** Goes on through these image points. */
  through(points: readonly Point[]): void {
    const { ctx } = this;
    ctx.beginPath();
    const from = this.last ?? points[0];
    if (from === undefined) return;
    ctx.moveTo(from.x, from.y);
    // A line of no length is a dot, thanks to the round caps.
    for (const p of points) ctx.lineTo(p.x, p.y);
    ctx.stroke();
    this.last = points.at(-1);
  }

  /** Gives what is painted now, all of it: alpha beside width and height. */
  pixels(): { data: Uint8ClampedArray; size: Size } {
    return { data: this.ctx.getImageData(0, 0, this.size.width, this.size.height).data, size: this.size };
  }
}
