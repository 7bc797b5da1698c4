/** Fetches the renderer that fits this machine, and only that one. */
import { type Choice, chooseRenderer } from "./choose";
import type { Renderer, RendererName } from "./renderer";

type MakeRenderer = new (canvas: HTMLCanvasElement, invalidate: () => void) => Renderer;

/** A renderer that is here, and why it is this one. */
export interface LoadedRenderer extends Choice {
  readonly Renderer: MakeRenderer;
}

const sources: Readonly<Record<RendererName, () => Promise<MakeRenderer>>> = {
  gl: async () => (await import("./gl/gl")).GlRenderer,
  worker2d: async () => {
    const { startEarly, Worker2dRenderer } = await import("./worker2d/worker2d");
    startEarly();
    return Worker2dRenderer;
  },
};

/** What the machine decides is asked once: the question makes a context. */
let decided: Choice | undefined;

/**
 * Gives the renderer that the address asks for (`?renderer=gl`), else the one the machine decides for.
 * Rejects when its code cannot be fetched.
 */
export async function loadRenderer(): Promise<LoadedRenderer> {
  decided ??= chooseRenderer(new URLSearchParams(location.search).get("renderer"));
  return { ...decided, Renderer: await sources[decided.renderer]() };
}
