/** Two hundred tasks in one sitting, without a server: what the heap holds after some of them. */
import { createImageEditor } from "../src/canvas/editor";
import { loadRenderer } from "../src/canvas/render/load";
import { Annotation } from "../src/store/annotation";
import { word } from "../src/tags/_contract/words";
import { imageShapes } from "../src/tags/Image/shapes";
import { controls, labels, regions } from "../test/harness/canvas/scenes";

export interface SittingRow {
  readonly scene: string;
  readonly heap_mb_after_40: number;
  readonly heap_mb_after_120: number;
  readonly heap_mb_after_200: number;
  readonly nodes: number;
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  return Math.round(((memory?.usedJSHeapSize ?? 0) / 1048576) * 100) / 100;
}

async function task(url: string, index: number): Promise<void> {
  const annotation = new Annotation(regions("mix", 200), { newId: () => `n${index}` });
  const editor = createImageEditor(document.getElementById("host") as HTMLElement, {
    annotation,
    codecs: imageShapes,
    object: "img",
    url,
    controls,
    say: word,
    labels,
    renderer: await loadRenderer(),
  });
  while (!editor.inspect().ready) await new Promise((done) => setTimeout(done, 2));
  annotation.selection.set(["r7"]);
  annotation.removeRegions(["r7"]);
  annotation.undo();
  editor.destroy();
}

export async function benchSitting(url: string): Promise<SittingRow> {
  const heaps: number[] = [];
  for (let done = 1; done <= 200; done += 1) {
    await task(url, done);
    if (done === 40 || done === 120 || done === 200) heaps.push(heapMb());
  }
  const [first = 0, second = 0, third = 0] = heaps;
  return {
    scene: "200 tasks, 200 regions each",
    heap_mb_after_40: first,
    heap_mb_after_120: second,
    heap_mb_after_200: third,
    nodes: document.querySelectorAll("*").length,
  };
}
