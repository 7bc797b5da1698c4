/**
 * The 2D renderer: a worker paints the regions a little beyond the screen, the page lays the last picture down.
 *
 * Panning inside the painted margin costs the page one `drawImage`; a zoom shows the last picture stretched
 * until the sharp one is there. One picture is in work at a time, and the newest wish wins.
 */
import type { Size } from "../../geometry/points";
import { GEOMETRY, type Scene } from "../../scene";
import type { ViewState } from "../../view";
import { noCounters, type Renderer, type Style } from "../renderer";
import type { Painted, RowsMessage, ToWorker } from "./messages";

const OVERSCAN_PX = 200;

const startWorker = () => new Worker(new URL("./paint.worker.ts", import.meta.url), { type: "module" });
/** One that was started before there was anything to paint; the first renderer takes it. */
let started: Worker | undefined;

/** Starts the worker, so that its script comes while the picture does. */
export function startEarly(): void {
  started ??= startWorker();
}

export class Worker2dRenderer implements Renderer {
  readonly name = "worker2d";
  readonly counters = noCounters();
  private readonly worker: Worker;
  private readonly ctx: CanvasRenderingContext2D;
  private scene: Scene | undefined;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private view: ViewState | undefined;
  private shown: Painted | undefined;
  /** Counts whatever makes an earlier picture wrong; the shown one is right when it bears this number. */
  private wanted = 0;
  private inWork: number | undefined;
  /** Who waits for the next picture. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Asked to draw again when a new picture has come. */
    private readonly invalidate: () => void,
  ) {
    this.ctx = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.worker = started ?? startWorker();
    started = undefined;
    this.worker.addEventListener("message", ({ data }: MessageEvent<Painted>) => this.take(data));
  }

  get current(): boolean {
    return this.shown?.number === this.wanted;
  }

  setScene(scene: Scene): void {
    this.scene = scene;
    this.counters.rebuilds += 1;
    this.sendRows(null);
  }

  setStyles(styles: readonly Style[]): void {
    this.send({ type: "styles", styles });
    this.wanted += 1;
  }

  updateRows(rows: readonly number[]): void {
    if (rows.length > 0) this.sendRows(rows);
  }

  setHidden(rows: ReadonlySet<number>): void {
    this.send({ type: "hidden", rows: Int32Array.from(rows) });
    this.wanted += 1;
  }

  resize(size: Size, pixelRatio: number): void {
    this.size = size;
    this.ratio = pixelRatio;
    this.canvas.width = Math.max(1, Math.round(size.width * pixelRatio));
    this.canvas.height = Math.max(1, Math.round(size.height * pixelRatio));
    this.wanted += 1;
  }

  draw(view: ViewState): void {
    this.view = view;
    this.lay();
    if (!this.isRight() && this.inWork === undefined) this.ask();
  }

  async readPixel(x: number, y: number): Promise<readonly [number, number, number, number]> {
    while (!this.isRight() && this.view !== undefined) {
      if (this.inWork === undefined) this.ask();
      await new Promise<void>((done) => this.waiting.push(done));
    }
    this.lay();
    const { data } = this.ctx.getImageData(Math.floor(x * this.ratio), Math.floor(y * this.ratio), 1, 1);
    return [...data] as unknown as readonly [number, number, number, number];
  }

  dispose(): void {
    this.worker.terminate();
    this.shown?.bitmap.close();
    // A frame may still be on its way; a closed picture cannot be drawn.
    this.shown = undefined;
  }

  /** True when the last picture shows the present scene in the present view, shifted by whole pixels at most. */
  private isRight(): boolean {
    const { shown, view } = this;
    if (shown === undefined || view === undefined || shown.number !== this.wanted) return false;
    const inMargin =
      Math.abs(view.x - shown.view.x) <= OVERSCAN_PX && Math.abs(view.y - shown.view.y) <= OVERSCAN_PX;
    return inMargin && view.scale === shown.view.scale && view.rotation === shown.view.rotation;
  }

  private ask(): void {
    if (this.view === undefined) return;
    this.inWork = this.wanted;
    const { width, height } = this.size;
    this.send({
      type: "paint",
      number: this.wanted,
      view: this.view,
      width: width + 2 * OVERSCAN_PX,
      height: height + 2 * OVERSCAN_PX,
      overscan: OVERSCAN_PX,
      ratio: this.ratio,
    });
  }

  private take(painted: Painted): void {
    this.shown?.bitmap.close();
    this.shown = painted;
    this.inWork = undefined;
    this.counters.repaints += 1;
    for (const done of this.waiting.splice(0)) done();
    this.invalidate();
  }

  private lay(): void {
    const { ctx, shown, view } = this;
    this.counters.frames += 1;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (shown === undefined || view === undefined) {
      this.counters.drawCalls = 0;
      return;
    }
    this.counters.drawCalls = 1;
    const scale = view.scale / shown.view.scale;
    const turn = ((view.rotation - shown.view.rotation) * Math.PI) / 180;
    const [cos, sin] = [Math.round(Math.cos(turn)) * scale, Math.round(Math.sin(turn)) * scale];
    // Where the painted picture's own origin (its view's x, y) has gone.
    const [ox, oy] = [shown.view.x + shown.overscan, shown.view.y + shown.overscan];
    const e = view.x - (cos * ox - sin * oy);
    const f = view.y - (sin * ox + cos * oy);
    const whole = (n: number) => (scale === 1 && turn === 0 ? Math.round(n * this.ratio) : n * this.ratio);
    ctx.setTransform(cos, sin, -sin, cos, whole(e), whole(f));
    ctx.drawImage(shown.bitmap, 0, 0);
  }

  private sendRows(rows: readonly number[] | null): void {
    const { scene } = this;
    if (scene === undefined) return;
    this.wanted += 1;
    const message = rows === null ? allRows(scene) : someRows(scene, rows);
    const { kind, geometry, bounds, style, flags } = message;
    const buffers = [kind, geometry, bounds, style, flags].map((column) => column.buffer as ArrayBuffer);
    this.counters.bytesUploaded += [...buffers, ...message.corners.map(([, c]) => c)].reduce(
      (n, b) => n + b.byteLength,
      0,
    );
    this.worker.postMessage(message, buffers);
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

function allRows(scene: Scene): RowsMessage {
  const n = scene.length;
  const corners: [number, Float32Array][] = [];
  scene.corners.forEach((points, row) => {
    if (points !== undefined) corners.push([row, points]);
  });
  return {
    type: "rows",
    rows: null,
    length: n,
    kind: scene.kind.slice(0, n),
    geometry: scene.geometry.slice(0, n * GEOMETRY),
    bounds: scene.bounds.slice(0, n * 4),
    style: scene.style.slice(0, n),
    flags: scene.flags.slice(0, n),
    corners,
  };
}

function someRows(scene: Scene, rows: readonly number[]): RowsMessage {
  const n = rows.length;
  const message = {
    type: "rows" as const,
    rows: Int32Array.from(rows),
    length: scene.length,
    kind: new Uint8Array(n),
    geometry: new Float32Array(n * GEOMETRY),
    bounds: new Float32Array(n * 4),
    style: new Uint16Array(n),
    flags: new Uint8Array(n),
    corners: [] as [number, Float32Array][],
  };
  rows.forEach((row, i) => {
    message.kind[i] = scene.kind[row] as number;
    message.style[i] = scene.style[row] as number;
    message.flags[i] = scene.flags[row] as number;
    message.geometry.set(scene.geometry.subarray(row * GEOMETRY, (row + 1) * GEOMETRY), i * GEOMETRY);
    message.bounds.set(scene.bounds.subarray(row * 4, row * 4 + 4), i * 4);
    const points = scene.corners[row];
    if (points !== undefined) message.corners.push([row, points]);
  });
  return message;
}
