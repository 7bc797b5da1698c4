/** Boxes, ellipses and points on the graphics card: one instance of six words a region, one buffer a kind. */
import { GEOMETRY, type KIND, type Scene } from "../../scene";
import type { RenderCounters } from "../renderer";
import { GrowingBuffer } from "./buffers";

const WORDS = 6;

export class ShapeInstances {
  private readonly instances: GrowingBuffer;
  private readonly array: WebGLVertexArrayObject;
  private readonly placeOf = new Map<number, number>();
  private count = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    readonly kind: (typeof KIND)[keyof typeof KIND],
    counters: RenderCounters,
  ) {
    this.instances = new GrowingBuffer(gl, gl.ARRAY_BUFFER, counters);
    this.array = gl.createVertexArray() as WebGLVertexArrayObject;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances.buffer);
    for (const [at, size, offset] of [
      [0, 4, 0],
      [1, 1, 16],
      [2, 1, 20],
    ] as const) {
      gl.enableVertexAttribArray(at);
      if (at === 2) gl.vertexAttribIPointer(at, size, gl.UNSIGNED_INT, WORDS * 4, offset);
      else gl.vertexAttribPointer(at, size, gl.FLOAT, false, WORDS * 4, offset);
      gl.vertexAttribDivisor(at, 1);
    }
    gl.bindVertexArray(null);
  }

  get drawn(): number {
    return this.count;
  }

  clear(): void {
    this.placeOf.clear();
    this.count = 0;
  }

  /** Writes a row's instance; one that left this kind keeps its place with nothing in it, for when it returns. */
  put(scene: Scene, row: number): void {
    const known = this.placeOf.get(row);
    const here = scene.kind[row] === this.kind;
    if (known === undefined && !here) return;
    const place = known ?? this.count++;
    this.placeOf.set(row, place);
    const at = place * WORDS;
    this.instances.reserve(at + WORDS);
    const { floats, uints } = this.instances;
    if (here) floats.set(scene.geometry.subarray(row * GEOMETRY, row * GEOMETRY + GEOMETRY), at);
    else floats.fill(1e9, at, at + GEOMETRY);
    uints[at + 5] = row;
    this.instances.wrote(at, at + WORDS);
  }

  /** Gives the number of draw calls it took. */
  draw(): number {
    if (this.count === 0) return 0;
    this.instances.send();
    this.gl.bindVertexArray(this.array);
    this.gl.drawArraysInstanced(this.gl.TRIANGLE_STRIP, 0, 4, this.count);
    return 1;
  }
}
