/**
 * A picture shrunk once and kept small: decoding a hundred photographs at full size would cost gigabytes.
 * Where the bytes may not be read (another origin without CORS) the browser shows the picture itself.
 */
import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { Icon } from "../../ui/Icon";

const width = 56;
const height = 40;
const kept = 300;
const atOnce = 6;

const bitmaps = new Map<string, Promise<ImageBitmap>>();
let running = 0;
const queue: (() => void)[] = [];

async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    queue.shift()?.();
  }
}

async function fetchBitmap(url: string): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  const scale = Math.min(2, devicePixelRatio || 1);
  return createImageBitmap(await response.blob(), {
    resizeHeight: Math.round(height * scale),
    resizeQuality: "medium",
  });
}

function bitmapOf(url: string): Promise<ImageBitmap> {
  const known = bitmaps.get(url);
  if (known) return known;
  const made = turn(() => fetchBitmap(url));
  bitmaps.set(url, made);
  made.catch(() => bitmaps.delete(url));
  if (bitmaps.size > kept) forgetOldest();
  return made;
}

function forgetOldest(): void {
  const oldest = bitmaps.keys().next().value;
  if (oldest !== undefined) bitmaps.delete(oldest);
}

export function Thumbnail(props: { url: string; alt: string }) {
  const [state, setState] = createSignal<"drawing" | "plain" | "broken">("drawing");
  let canvas!: HTMLCanvasElement;
  let gone = false;
  onCleanup(() => {
    gone = true;
  });
  onMount(async () => {
    try {
      const bitmap = await bitmapOf(props.url);
      if (!gone) paint(canvas, bitmap);
    } catch {
      if (!gone) setState("plain");
    }
  });
  return (
    <span class="thumbnail">
      <Show when={state() === "drawing"}>
        <canvas ref={canvas} width={width * 2} height={height * 2} role="img" aria-label={props.alt} />
      </Show>
      <Show when={state() === "plain"}>
        <img
          src={props.url}
          alt={props.alt}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          onError={() => setState("broken")}
        />
      </Show>
      <Show when={state() === "broken"}>
        <Icon name="image" />
      </Show>
    </span>
  );
}

/** Fills the canvas, cutting off what stands over. */
function paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
  const drawn = { width: bitmap.width * scale, height: bitmap.height * scale };
  const x = (canvas.width - drawn.width) / 2;
  const y = (canvas.height - drawn.height) / 2;
  context.drawImage(bitmap, x, y, drawn.width, drawn.height);
}
