/**
 * The bench of the labeling screen: script time per frame, hit tests, edits and memory on large scenes, many spans,
 * many tasks. `stack.mjs` measures cold loads from a running Skylabel.
 *
 * Open it by itself on a machine with a graphics card to see real frame times, or let run.mjs drive it.
 * Query: scenes (`boxes:10000,polygons:10000,spans:10000,sitting:200`), renderer. Times are for comparing runs on one machine.
 */
import { createImageEditor, type ImageEditor } from "../src/canvas/editor";
import { moved, type Shape } from "../src/canvas/geometry/shapes";
import { loadRenderer } from "../src/canvas/render/load";
import { Annotation } from "../src/store/annotation";
import { word } from "../src/tags/_contract/words";
import { imageShapes } from "../src/tags/Image/shapes";
import { controls, labels, picture, regions, sequence } from "../test/harness/canvas/scenes";
import { benchSitting, type SittingRow } from "./sitting";
import { benchSpans, type SpanRow } from "./spans";

export interface Row {
  readonly scene: string;
  readonly renderer: string;
  readonly first_ms: number;
  readonly pan_js_ms: string;
  readonly pan_frame_ms: string;
  readonly zoom_js_ms: string;
  readonly drag_js_ms: string;
  readonly hit_us: string;
  readonly commit_ms: string;
  readonly heap_mb: number;
  readonly draw_calls: number;
  readonly bytes_per_edit: number;
  readonly nodes: number;
}

const query = new URLSearchParams(location.search);
const FRAMES = 60;

function quantiles(values: readonly number[], digits = 2): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(digits);
  return `${at(0.5)}/${at(0.95)}`;
}

const frame = () => new Promise<number>((done) => requestAnimationFrame(done));

function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
}

async function ready(editor: ImageEditor): Promise<void> {
  while (!editor.inspect().ready) await new Promise((done) => setTimeout(done, 5));
}

/** Runs one step a frame; gives script times of the frames drawn, and times between frames. */
async function frames(
  editor: ImageEditor,
  step: (i: number) => void,
): Promise<{ js: number[]; between: number[] }> {
  const between: number[] = [];
  let last = await frame();
  for (let i = 0; i < FRAMES; i += 1) {
    step(i);
    const now = await frame();
    between.push(now - last);
    last = now;
  }
  await frame();
  return { js: editor.inspect().frameMs.slice(-FRAMES), between };
}

function timed(times: number, run: (i: number) => void): number[] {
  return Array.from({ length: times }, (_, i) => {
    const start = performance.now();
    run(i);
    return performance.now() - start;
  });
}

/** A single call is shorter than the clock can tell: a hundred are timed together. */
function hitTimes(editor: ImageEditor): number[] {
  const random = sequence(5);
  const { width, height } = editor.view.screen;
  const points = Array.from({ length: 100 }, () => ({ x: random() * width, y: random() * height }));
  return timed(40, () => {
    for (const at of points) editor.desk.pick(at);
  }).map((ms) => (ms * 1000) / points.length);
}

async function bench(kind: "boxes" | "polygons", count: number, url: string): Promise<Row> {
  const host = document.getElementById("host") as HTMLElement;
  const items = regions(kind, count);
  const before = heap();
  const start = performance.now();
  const annotation = new Annotation(items);
  const editor = createImageEditor(host, {
    annotation,
    codecs: imageShapes,
    object: "img",
    url,
    controls,
    say: word,
    labels,
    renderer: await loadRenderer(),
  });
  await ready(editor);
  const first = performance.now() - start;
  const heapMb = (heap() - before) / 1048576;
  const pan = await frames(editor, (i) => editor.view.panBy({ x: i % 20 < 10 ? 6 : -6, y: 2 }));
  const zoom = await frames(editor, (i) => editor.view.zoomBy(i % 20 < 10 ? 1.1 : 1 / 1.1));
  editor.view.fit();
  await ready(editor);
  const key = `r${Math.floor(count / 2)}`;
  const shape = editor.desk.shapeOf(key) as Shape;
  annotation.selection.set([key]);
  await ready(editor);
  const drag = await frames(editor, (i) =>
    editor.desk.preview(new Map([[key, moved(shape, { x: i, y: i })]])),
  );
  editor.desk.preview(null);
  const hits = hitTimes(editor);
  const sent = editor.inspect().counters.bytesUploaded as number;
  const commits = timed(200, (i) => {
    editor.desk.change("move", new Map([[key, moved(shape, { x: (i % 7) + 1, y: 0 })]]));
    annotation.document.flush();
  });
  const { counters } = editor.inspect();
  const bytes = ((counters.bytesUploaded as number) - sent) / 200;
  await ready(editor);
  const row: Row = {
    scene: `${count} ${kind}`,
    renderer: editor.inspect().renderer,
    first_ms: Math.round(first),
    pan_js_ms: quantiles(pan.js),
    pan_frame_ms: quantiles(pan.between, 0),
    zoom_js_ms: quantiles(zoom.js),
    drag_js_ms: quantiles(drag.js),
    hit_us: quantiles(hits, 1),
    commit_ms: quantiles(commits, 3),
    heap_mb: Math.round(heapMb * 10) / 10,
    draw_calls: counters.drawCalls as number,
    bytes_per_edit: Math.round(bytes),
    nodes: document.querySelectorAll("*").length,
  };
  editor.destroy();
  return row;
}

async function main(): Promise<void> {
  const scenes = (
    query.get("scenes") ?? "boxes:10000,boxes:100000,polygons:10000,spans:10000,sitting:200"
  ).split(",");
  const url = await picture(4000, 3000);
  const rows: (Row | SpanRow | SittingRow)[] = [];
  const out = document.getElementById("out") as HTMLElement;
  for (const scene of scenes) {
    const [kind, count] = scene.split(":");
    if (kind === "spans") rows.push(await benchSpans(Number(count)));
    else if (kind === "sitting") rows.push(await benchSitting(await picture(1600, 1200)));
    else rows.push(await bench(kind as "boxes", Number(count), url));
    out.textContent = rows.map((row) => JSON.stringify(row, null, 1)).join("\n");
  }
  Object.assign(window, { __bench: rows });
}

void main();
