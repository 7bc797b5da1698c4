/**
 * Which renderer fits this machine.
 *
 * A WebGL context says nothing: browsers without a graphics card give a software one that is far slower than a
 * worker painting in 2D. So the unmasked name of the renderer is asked, and then a few frames are timed.
 */
import type { RendererName } from "./renderer";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|paravirtual/i;
const SLOW_FRAME_MS = 12;
const PROBE_SIZE = 1024;

export interface Choice {
  readonly renderer: RendererName;
  readonly reason: string;
}

/** True when a renderer's name tells that no hardware stands behind it. */
export function isSoftwareName(name: string): boolean {
  return SOFTWARE.test(name);
}

/** Chooses by what is forced, then by what the context says of itself, then by a probe. */
export function chooseRenderer(forced?: string | null): Choice {
  if (forced === "gl" || forced === "worker2d") return { renderer: forced, reason: "forced" };
  const canvas = document.createElement("canvas");
  canvas.width = PROBE_SIZE;
  canvas.height = PROBE_SIZE;
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (gl === null) return { renderer: "worker2d", reason: "no WebGL 2 on hardware" };
  const choice = judge(gl);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return choice;
}

function judge(gl: WebGL2RenderingContext): Choice {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  if (isSoftwareName(name)) return { renderer: "worker2d", reason: `software: ${name}` };
  const slow = [0, 1, 2].every(() => probeFrame(gl) > SLOW_FRAME_MS);
  return slow ? { renderer: "worker2d", reason: `slow: ${name}` } : { renderer: "gl", reason: name };
}

/** Gives milliseconds for clearing a megapixel sixteen times and waiting until it is done. */
function probeFrame(gl: WebGL2RenderingContext): number {
  const start = performance.now();
  gl.enable(gl.SCISSOR_TEST);
  for (let i = 0; i < 16; i += 1) {
    gl.scissor(0, 0, PROBE_SIZE - i, PROBE_SIZE);
    gl.clearColor(i / 16, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return performance.now() - start;
}
