/** What a page holds once its garbage is gone, as the browser counts it. */
import type { CDPSession, Page } from "playwright-core";

export interface Held {
  /** Nodes of the page and those nobody sees any more but somebody holds. */
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
  readonly heapMb: number;
}

/** Gives a function that collects the garbage and counts what is left. */
export async function heapOf(page: Page): Promise<() => Promise<Held>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  return () => count(session);
}

async function count(session: CDPSession): Promise<Held> {
  // What a finished frame or a closed port still holds is let go a turn later.
  for (let turn = 0; turn < 3; turn += 1) {
    await session.send("HeapProfiler.collectGarbage");
    await new Promise((done) => setTimeout(done, 50));
  }
  const { metrics } = await session.send("Performance.getMetrics");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    nodes: of("Nodes"),
    listeners: of("JSEventListeners"),
    documents: of("Documents"),
    heapMb: Math.round((usedSize / 1048576) * 100) / 100,
  };
}
