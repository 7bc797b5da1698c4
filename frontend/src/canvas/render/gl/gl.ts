/** The WebGL 2 renderer: a handful of draw calls a frame, whatever the number of regions. */
import type { Size } from "../../geometry/points";
import { KIND, type Scene } from "../../scene";
import { matrix, type ViewState } from "../../view";
import { DASH_PX, noCounters, POINT_RADIUS_PX, type Renderer, SMALLEST_PX, type Style } from "../renderer";
import { makeProgram } from "./buffers";
import { fetchCutter, PolygonMeshes } from "./polygons";
import { edgeFragment, edgeVertex, fillFragment, fillVertex, shapeFragment, shapeVertex } from "./shaders";
import { ShapeInstances } from "./shapes";

const ROW_WIDTH = 1024;
/** Set in the row texture for what the overlay draws; beyond the scene's own flags. */
const ELSEWHERE = 16;

interface Card {
  readonly shape: WebGLProgram;
  readonly fill: WebGLProgram;
  readonly edge: WebGLProgram;
  readonly rows: WebGLTexture;
  readonly styles: WebGLTexture;
  readonly polygons: PolygonMeshes;
  readonly shapes: readonly ShapeInstances[];
}

export class GlRenderer implements Renderer {
  readonly name = "gl";
  readonly counters = noCounters();
  private readonly gl: WebGL2RenderingContext;
  private card: Card | undefined;
  private scene: Scene | undefined;
  private styles: readonly Style[] = [];
  private hidden: ReadonlySet<number> = new Set();
  private rowHeight = 0;
  private ratio = 1;
  private lastView: ViewState | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Asked to draw again, after a lost context has come back. */
    private readonly invalidate: () => void = () => undefined,
  ) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, premultipliedAlpha: true });
    if (gl === null) throw new Error("This browser has no WebGL 2");
    this.gl = gl;
    this.card = this.prepare();
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
  }

  get current(): boolean {
    return this.card?.polygons.waits !== true;
  }

  setScene(scene: Scene): void {
    this.scene = scene;
    if (this.card === undefined) return;
    this.counters.rebuilds += 1;
    this.card.polygons.clear();
    for (const shapes of this.card.shapes) shapes.clear();
    this.rowHeight = 0;
    for (let row = 0; row < scene.length; row += 1) this.putGeometry(row);
    this.sendAllRows();
  }

  setStyles(styles: readonly Style[]): void {
    this.styles = styles;
    if (this.card === undefined) return;
    const { gl } = this;
    const width = Math.max(1, styles.length);
    const texels = new Uint8Array(width * 8);
    styles.forEach(({ color, fillOpacity, strokeWidth, hidden }, i) => {
      texels.set([...color, Math.round(fillOpacity * 255)], i * 4);
      texels.set([Math.round((strokeWidth / 16) * 255), hidden === true ? 255 : 0, 0, 0], (width + i) * 4);
    });
    gl.bindTexture(gl.TEXTURE_2D, this.card.styles);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
    this.counters.bytesUploaded += texels.byteLength;
  }

  updateRows(rows: readonly number[]): void {
    const { scene } = this;
    if (scene === undefined || this.card === undefined) return;
    for (const row of rows) this.putGeometry(row);
    if (scene.length > this.rowHeight * ROW_WIDTH) this.sendAllRows();
    else for (const row of rows) this.sendRow(row);
  }

  setHidden(rows: ReadonlySet<number>): void {
    const before = this.hidden;
    this.hidden = new Set(rows);
    if (this.scene === undefined || this.card === undefined) return;
    for (const row of before) if (!rows.has(row)) this.sendRow(row);
    for (const row of rows) if (!before.has(row)) this.sendRow(row);
  }

  resize(size: Size, pixelRatio: number): void {
    this.ratio = pixelRatio;
    this.canvas.width = Math.max(1, Math.round(size.width * pixelRatio));
    this.canvas.height = Math.max(1, Math.round(size.height * pixelRatio));
  }

  draw(view: ViewState): void {
    const { gl, card } = this;
    this.lastView = view;
    if (card === undefined || gl.isContextLost()) return;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, card.rows);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, card.styles);
    gl.activeTexture(gl.TEXTURE0);
    let calls = 0;
    this.use(card.fill, view);
    calls += card.polygons.drawFill();
    this.use(card.edge, view);
    calls += card.polygons.drawEdges();
    const program = this.use(card.shape, view);
    for (const shapes of card.shapes) {
      gl.uniform1i(gl.getUniformLocation(program, "u_kind"), shapes.kind);
      calls += shapes.draw();
    }
    gl.bindVertexArray(null);
    this.counters.drawCalls = calls;
    this.counters.frames += 1;
    this.counters.repaints += 1;
  }

  async readPixel(x: number, y: number): Promise<readonly [number, number, number, number]> {
    if (this.lastView !== undefined) this.draw(this.lastView);
    const pixel = new Uint8Array(4);
    const [px, py] = [Math.floor(x * this.ratio), this.canvas.height - 1 - Math.floor(y * this.ratio)];
    this.gl.readPixels(px, py, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, pixel);
    return [...pixel] as unknown as readonly [number, number, number, number];
  }

  fetchRest(): void {
    void fetchCutter().catch(() => undefined);
  }

  dispose(): void {
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private readonly lost = (event: Event): void => {
    event.preventDefault();
    this.card = undefined;
  };

  /** All there is on the card can be made again from the scene. */
  private readonly restored = (): void => {
    this.card = this.prepare();
    this.setStyles(this.styles);
    if (this.scene !== undefined) this.setScene(this.scene);
    this.invalidate();
  };

  private prepare(): Card {
    const { gl, counters } = this;
    return {
      shape: makeProgram(gl, shapeVertex, shapeFragment),
      fill: makeProgram(gl, fillVertex, fillFragment),
      edge: makeProgram(gl, edgeVertex, edgeFragment),
      rows: this.texture(),
      styles: this.texture(),
      polygons: new PolygonMeshes(gl, counters, (rows) => {
        for (const row of rows) this.putGeometry(row);
        this.invalidate();
      }),
      shapes: [KIND.rect, KIND.ellipse, KIND.point].map((kind) => new ShapeInstances(gl, kind, counters)),
    };
  }

  private texture(): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture() as WebGLTexture;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    return texture;
  }

  private use(program: WebGLProgram, view: ViewState): WebGLProgram {
    const { gl, ratio } = this;
    const at = (name: string) => gl.getUniformLocation(program, name);
    const [a, b, c, d, e, f] = matrix(view);
    gl.useProgram(program);
    gl.uniform1i(at("u_rows"), 0);
    gl.uniform1i(at("u_styles"), 1);
    gl.uniform4f(at("u_viewA"), a * ratio, b * ratio, c * ratio, d * ratio);
    gl.uniform2f(at("u_viewE"), e * ratio, f * ratio);
    gl.uniform2f(at("u_size"), this.canvas.width, this.canvas.height);
    gl.uniform1f(at("u_ratio"), ratio);
    gl.uniform2f(at("u_dash"), DASH_PX[0], DASH_PX[1]);
    gl.uniform1f(at("u_pointRadius"), POINT_RADIUS_PX * ratio);
    gl.uniform1f(at("u_smallest"), SMALLEST_PX * ratio);
    return program;
  }

  private putGeometry(row: number): void {
    const { scene, card } = this;
    if (scene === undefined || card === undefined) return;
    card.polygons.put(scene, row);
    for (const shapes of card.shapes) shapes.put(scene, row);
  }

  private look(row: number): [number, number] {
    const gone = this.scene?.kind[row] === KIND.none || this.hidden.has(row);
    return [this.scene?.style[row] ?? 0, (this.scene?.flags[row] ?? 0) | (gone ? ELSEWHERE : 0)];
  }

  private sendRow(row: number): void {
    const { gl } = this;
    if (row >= this.rowHeight * ROW_WIDTH || this.card === undefined) return;
    const texel = new Uint16Array(this.look(row));
    gl.bindTexture(gl.TEXTURE_2D, this.card.rows);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const [x, y] = [row % ROW_WIDTH, Math.floor(row / ROW_WIDTH)];
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, 1, 1, gl.RG_INTEGER, gl.UNSIGNED_SHORT, texel);
    this.counters.bytesUploaded += texel.byteLength;
  }

  /** Sends every row's look, with as much room again for rows to come. */
  private sendAllRows(): void {
    const { gl, scene, card } = this;
    if (scene === undefined || card === undefined) return;
    this.rowHeight = Math.max(1, Math.ceil((scene.length * 1.5) / ROW_WIDTH));
    const texels = new Uint16Array(this.rowHeight * ROW_WIDTH * 2);
    for (let row = 0; row < scene.length; row += 1) texels.set(this.look(row), row * 2);
    gl.bindTexture(gl.TEXTURE_2D, card.rows);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const format = [gl.RG_INTEGER, gl.UNSIGNED_SHORT] as const;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG16UI, ROW_WIDTH, this.rowHeight, 0, ...format, texels);
    this.counters.bytesUploaded += texels.byteLength;
  }
}
