/** Ten thousand spans in a megabyte of text: until they are painted, and what one more or one less costs. */
import type { PaintedSpan } from "../src/text/highlight";
import { SpanView } from "../src/text/spanView";

export interface SpanRow {
  readonly scene: string;
  /** From the text in the page to the frame with all spans on it. */
  readonly rendered_ms: number;
  readonly repaint_ms: number;
  readonly nodes: number;
}

const LINE =
  "Ada Lovelace met Charles Babbage in London, and so on and on until the line of the text is full enough.\n";

const frame = () => new Promise<number>((done) => requestAnimationFrame(done));

export async function benchSpans(count = 10_000): Promise<SpanRow> {
  const host = document.getElementById("host") as HTMLElement;
  const body = document.createElement("div");
  body.style.cssText = "white-space: pre-wrap; overflow: auto; height: 100%; position: relative";
  // As the Text tag lays it: blocks of forty lines, those off screen left out by the browser.
  for (let at = 0; at < count; at += 40) {
    const block = document.createElement("div");
    block.style.cssText = "content-visibility: auto; contain-intrinsic-size: auto 800px";
    block.textContent = LINE.repeat(Math.min(40, count - at));
    body.append(block);
  }
  host.replaceChildren(body);
  await frame();
  const spans = Array.from(
    { length: count },
    (_, index): PaintedSpan => ({
      id: `s${index}`,
      start: index * LINE.length,
      end: index * LINE.length + 12,
      color: index % 2 ? "#d93a3a" : "#2f7fd1",
      state: "plain",
    }),
  );
  const start = performance.now();
  const nothing = () => undefined;
  const events = { marked: nothing, picked: nothing, hovered: nothing, placed: nothing, caret: nothing };
  const view = new SpanView(body, host, events);
  view.paint(spans);
  await frame();
  await frame();
  const rendered = performance.now() - start;
  const again = performance.now();
  view.paint(spans.slice(1));
  const repaint = performance.now() - again;
  const row = {
    scene: `${count} spans in ${((LINE.length * count) / 1e6).toFixed(2)} MB`,
    rendered_ms: Math.round(rendered),
    repaint_ms: Math.round(repaint),
    nodes: document.querySelectorAll("*").length,
  };
  view.dispose();
  body.remove();
  return row;
}
