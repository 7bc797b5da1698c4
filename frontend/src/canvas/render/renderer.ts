/**
 * What a bulk renderer is: it draws the scene, all of it, and nothing that is being touched.
 *
 * Two are made to it: `gl` (WebGL 2) and `worker2d` (Canvas 2D painted in a worker). Both look alike and are
 * held to one suite of tests. Regions being selected, dragged or drawn are hidden here and drawn by the overlay.
 */
import type { Size } from "../geometry/points";
import type { Scene } from "../scene";
import type { ViewState } from "../view";

/** How regions with one label look. Colours are 0–255, opacity 0–1, width in CSS pixels. */
export interface Style {
  readonly color: readonly [number, number, number];
  readonly fillOpacity: number;
  readonly strokeWidth: number;
  readonly hidden?: boolean;
}

/** What a renderer has done so far: tests hold these to limits, since times differ by machine. */
export interface RenderCounters {
  /** Draw calls of the last frame. */
  drawCalls: number;
  /** Frames drawn: for `worker2d`, times the last painted picture was laid on the screen. */
  frames: number;
  /** Times regions were painted anew. */
  repaints: number;
  /** Bytes sent to the graphics card or the worker. */
  bytesUploaded: number;
  /** Whole uploads of the scene. */
  rebuilds: number;
}

export interface Renderer {
  readonly name: RendererName;
  readonly counters: RenderCounters;
  /** False while the last picture is of an earlier scene: what was shown over it has to stay a little longer. */
  readonly current: boolean;
  setScene(scene: Scene): void;
  setStyles(styles: readonly Style[]): void;
  /** Brings changed, new or removed rows of the scene up to date. */
  updateRows(rows: readonly number[]): void;
  /** Says which rows are not drawn here, because the overlay draws them. */
  setHidden(rows: ReadonlySet<number>): void;
  resize(size: Size, pixelRatio: number): void;
  /** Draws the scene as `view` shows it, now. */
  draw(view: ViewState): void;
  /** Gives red, green, blue and alpha at a CSS pixel of the last complete picture. */
  readPixel(x: number, y: number): Promise<readonly [number, number, number, number]>;
  /** Fetches what later scenes may need; called when there is nothing more urgent. */
  fetchRest?(): void;
  dispose(): void;
}

export type RendererName = "gl" | "worker2d";

export const noCounters = (): RenderCounters => ({
  drawCalls: 0,
  frames: 0,
  repaints: 0,
  bytesUploaded: 0,
  rebuilds: 0,
});

/** Below this many CSS pixels a region is drawn as a dot, so that it never vanishes. */
export const SMALLEST_PX = 4;
export const POINT_RADIUS_PX = 5;
/** On and off of a prediction's dashes. */
export const DASH_PX = [6, 4] as const;
