/** Buffers on the graphics card that grow: a copy in memory, and only what changed is sent. */
import type { RenderCounters } from "../renderer";

export class GrowingBuffer {
  readonly buffer: WebGLBuffer;
  private bytes: ArrayBuffer;
  private floatView: Float32Array;
  private uintView: Uint32Array;
  private onCard = 0;
  private low = Infinity;
  private high = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly target: number,
    private readonly counters: RenderCounters,
    words = 1024,
  ) {
    this.buffer = gl.createBuffer() as WebGLBuffer;
    this.bytes = new ArrayBuffer(words * 4);
    this.floatView = new Float32Array(this.bytes);
    this.uintView = new Uint32Array(this.bytes);
  }

  get floats(): Float32Array {
    return this.floatView;
  }

  get uints(): Uint32Array {
    return this.uintView;
  }

  /** Makes room for so many 32-bit words; earlier content stays. */
  reserve(words: number): void {
    if (words * 4 <= this.bytes.byteLength) return;
    const larger = new ArrayBuffer(Math.max(words * 4, this.bytes.byteLength * 2));
    new Uint32Array(larger).set(this.uintView);
    this.bytes = larger;
    this.floatView = new Float32Array(larger);
    this.uintView = new Uint32Array(larger);
  }

  /** Says that words from `low` up to `high` were written. */
  wrote(low: number, high: number): void {
    this.low = Math.min(this.low, low);
    this.high = Math.max(this.high, high);
  }

  /** Sends what was written since the last time. */
  send(): void {
    if (this.high <= this.low) return;
    const { gl } = this;
    gl.bindBuffer(this.target, this.buffer);
    if (this.onCard < this.bytes.byteLength) {
      gl.bufferData(this.target, this.bytes, gl.DYNAMIC_DRAW);
      this.onCard = this.bytes.byteLength;
      this.counters.bytesUploaded += this.bytes.byteLength;
    } else {
      const words = this.uintView.subarray(this.low, this.high);
      gl.bufferSubData(this.target, this.low * 4, words);
      this.counters.bytesUploaded += words.byteLength;
    }
    this.low = Infinity;
    this.high = 0;
  }
}

/** Links a program; throws with the compiler's words, which is a fault of ours and not of the machine. */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram() as WebGLProgram;
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
    }
  }
  gl.linkProgram(program);
  return program;
}
