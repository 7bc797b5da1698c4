/**
 * Polygons on the graphics card: triangles for the inside, instanced segments of constant width for the edges.
 *
 * A polygon owns a stretch of each buffer, as long as its number of corners asks. While that number stays, an
 * edit writes in place; when it changes, the polygon moves to the end and its old stretch draws nothing.
 */
import { FLAG, KIND, type Scene } from "../../scene";
import type { RenderCounters } from "../renderer";
import { GrowingBuffer } from "./buffers";

interface Stretch {
  readonly corners: number;
  readonly vertex: number;
  readonly index: number;
  readonly edge: number;
}

const VERTEX_WORDS = 3;
const EDGE_WORDS = 5;

/** Cuts polygons into triangles. As large as all else here, and many tasks have none: it comes with the first one, or when there is time. */
let cut: ((corners: ArrayLike<number>) => number[]) | undefined;

export async function fetchCutter(): Promise<void> {
  cut ??= (await import("earcut")).default;
}

export class PolygonMeshes {
  readonly fillArray: WebGLVertexArrayObject;
  readonly edgeArray: WebGLVertexArrayObject;
  private readonly vertices: GrowingBuffer;
  private readonly indices: GrowingBuffer;
  private readonly edges: GrowingBuffer;
  private readonly stretches = new Map<number, Stretch>();
  private counts = { vertex: 0, index: 0, edge: 0 };
  /** Rows that have only their outline yet. */
  private unfilled = new Set<number>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    counters: RenderCounters,
    /** Told which rows can be filled now: they are to be put again. */
    private readonly onCutter: (rows: readonly number[]) => void,
  ) {
    this.fillArray = gl.createVertexArray() as WebGLVertexArrayObject;
    this.edgeArray = gl.createVertexArray() as WebGLVertexArrayObject;
    this.vertices = new GrowingBuffer(gl, gl.ARRAY_BUFFER, counters);
    this.indices = new GrowingBuffer(gl, gl.ELEMENT_ARRAY_BUFFER, counters);
    this.edges = new GrowingBuffer(gl, gl.ARRAY_BUFFER, counters);
    gl.bindVertexArray(this.fillArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.vertices.buffer);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices.buffer);
    this.attribute(0, 2, VERTEX_WORDS, 0, 0);
    this.attribute(1, 0, VERTEX_WORDS, 2, 0);
    gl.bindVertexArray(this.edgeArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.edges.buffer);
    this.attribute(0, 4, EDGE_WORDS, 0, 1);
    this.attribute(1, 0, EDGE_WORDS, 4, 1);
    gl.bindVertexArray(null);
  }

  /** Whether some polygons wait for what fills them. */
  get waits(): boolean {
    return this.unfilled.size > 0;
  }

  clear(): void {
    this.stretches.clear();
    this.unfilled.clear();
    this.counts = { vertex: 0, index: 0, edge: 0 };
  }

  put(scene: Scene, row: number): void {
    const known = this.stretches.get(row);
    const corners = scene.kind[row] === KIND.polygon ? scene.corners[row] : undefined;
    const count = (corners?.length ?? 0) / 2;
    if (known !== undefined && known.corners !== count) this.erase(known);
    if (corners === undefined || count === 0) {
      this.stretches.delete(row);
      return;
    }
    const stretch = known?.corners === count ? known : this.stretch(count);
    this.stretches.set(row, stretch);
    const open = ((scene.flags[row] ?? 0) & FLAG.open) !== 0;
    this.writeVertices(stretch, corners, row);
    this.writeIndices(stretch, open ? [] : this.triangles(row, corners));
    this.writeEdges(stretch, corners, row, open);
  }

  /** Gives the number of draw calls it took. */
  drawFill(): number {
    if (this.counts.index === 0) return 0;
    this.gl.bindVertexArray(this.fillArray);
    this.vertices.send();
    this.indices.send();
    this.gl.drawElements(this.gl.TRIANGLES, this.counts.index, this.gl.UNSIGNED_INT, 0);
    return 1;
  }

  drawEdges(): number {
    if (this.counts.edge === 0) return 0;
    this.edges.send();
    this.gl.bindVertexArray(this.edgeArray);
    this.gl.drawArraysInstanced(this.gl.TRIANGLE_STRIP, 0, 4, this.counts.edge);
    return 1;
  }

  private triangles(row: number, corners: Float32Array): readonly number[] {
    if (cut !== undefined) return cut(corners);
    if (!this.waits)
      void fetchCutter().then(
        () => this.fill(),
        () => this.unfilled.clear(),
      );
    this.unfilled.add(row);
    return [];
  }

  private fill(): void {
    const rows = [...this.unfilled];
    this.unfilled.clear();
    this.onCutter(rows);
  }

  private attribute(at: number, floats: number, words: number, offset: number, divisor: number): void {
    const { gl } = this;
    gl.enableVertexAttribArray(at);
    if (floats === 0) gl.vertexAttribIPointer(at, 1, gl.UNSIGNED_INT, words * 4, offset * 4);
    else gl.vertexAttribPointer(at, floats, gl.FLOAT, false, words * 4, offset * 4);
    gl.vertexAttribDivisor(at, divisor);
  }

  private stretch(corners: number): Stretch {
    const { vertex, index, edge } = this.counts;
    const indices = Math.max(0, corners - 2) * 3;
    this.counts = { vertex: vertex + corners, index: index + indices, edge: edge + corners };
    this.vertices.reserve(this.counts.vertex * VERTEX_WORDS);
    this.indices.reserve(this.counts.index);
    this.edges.reserve(this.counts.edge * EDGE_WORDS);
    return { corners, vertex, index, edge };
  }

  private erase(stretch: Stretch): void {
    this.writeIndices(stretch, []);
    const [low, high] = [stretch.edge * EDGE_WORDS, (stretch.edge + stretch.corners) * EDGE_WORDS];
    this.edges.floats.fill(1e9, low, high);
    for (let at = low + 4; at < high; at += EDGE_WORDS) this.edges.uints[at] = 0;
    this.edges.wrote(low, high);
  }

  private writeVertices(stretch: Stretch, corners: Float32Array, row: number): void {
    const { floats, uints } = this.vertices;
    for (let i = 0; i < stretch.corners; i += 1) {
      const at = (stretch.vertex + i) * VERTEX_WORDS;
      floats[at] = corners[i * 2] as number;
      floats[at + 1] = corners[i * 2 + 1] as number;
      uints[at + 2] = row;
    }
    this.vertices.wrote(stretch.vertex * VERTEX_WORDS, (stretch.vertex + stretch.corners) * VERTEX_WORDS);
  }

  /** What a polygon needs fewer triangles for than its corners allow is filled up with empty ones. */
  private writeIndices(stretch: Stretch, triangles: readonly number[]): void {
    const length = Math.max(0, stretch.corners - 2) * 3;
    const { uints } = this.indices;
    for (let i = 0; i < length; i += 1) uints[stretch.index + i] = stretch.vertex + (triangles[i] ?? 0);
    this.indices.wrote(stretch.index, stretch.index + length);
  }

  private writeEdges(stretch: Stretch, corners: Float32Array, row: number, open: boolean): void {
    const { floats, uints } = this.edges;
    for (let i = 0; i < stretch.corners; i += 1) {
      const at = (stretch.edge + i) * EDGE_WORDS;
      const last = i + 1 === stretch.corners;
      const next = last ? (open ? i : 0) : i + 1;
      floats[at] = corners[i * 2] as number;
      floats[at + 1] = corners[i * 2 + 1] as number;
      floats[at + 2] = corners[next * 2] as number;
      floats[at + 3] = corners[next * 2 + 1] as number;
      uints[at + 4] = row;
    }
    this.edges.wrote(stretch.edge * EDGE_WORDS, (stretch.edge + stretch.corners) * EDGE_WORDS);
  }
}
