/**
 * One file of more pixels than can be held: a coarse level of it all, and a sharp patch of what is in sight.
 *
 * A browser decodes such a file anew for every piece that is cut out of it. So one piece is cut at a time, when the
 * view has come to rest, and somewhat larger than the screen. What the browser itself refuses to decode (Chromium
 * beyond 536 million pixels) needs tiles.
 */
import { type Bounds, overlap, type Size } from "../geometry/points";
import { aim } from "../images";
import type { Picture, PictureCounters } from "../picture";
import type { ViewState } from "../view";

/** Of all of it: 64 MB, and a third of that again for the smaller ones. */
const COARSE_PX = 16e6;
/** Of the sharp patch, of which there are two while one replaces the other. */
const PATCH_PX = 16e6;
const SMALLEST_PX = 256;
const REST_MS = 120;
/** How much more than the screen a patch has, on every side. */
const MARGIN = 0.25;

interface Piece {
  readonly bitmap: ImageBitmap;
  readonly scale: number;
  readonly bounds: Bounds;
}

export class LargePicture implements Picture {
  /** The largest first. */
  private coarse: Piece[] = [];
  private patch: Piece | undefined;
  private wanted: { readonly bounds: Bounds; readonly scale: number } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private cutting = false;
  private cuts = 0;
  private failed = 0;
  private closed = false;
  private onBetter: () => void = () => undefined;
  private source: Promise<ImageBitmapSource>;

  constructor(
    readonly size: Size,
    element: HTMLImageElement,
  ) {
    this.source = blobOf(element.src).then((blob) => blob ?? element);
  }

  get counters(): PictureCounters {
    const pieces = [...this.coarse, ...(this.patch ? [this.patch] : [])];
    const bitmapBytes = pieces.reduce((sum, { bitmap }) => sum + bitmap.width * bitmap.height * 4, 0);
    return { bitmapBytes, tilesAsked: this.cuts, tilesHeld: pieces.length, tilesFailed: this.failed };
  }

  async prepare(onBetter: () => void): Promise<void> {
    this.onBetter = onBetter;
    const { width, height } = this.size;
    let scale = Math.min(1, Math.sqrt(COARSE_PX / (width * height)));
    let from: ImageBitmapSource = await this.source;
    try {
      while (Math.max(width, height) * scale >= SMALLEST_PX && !this.closed) {
        const bitmap = await createImageBitmap(from, {
          resizeWidth: Math.max(1, Math.round(width * scale)),
          resizeHeight: Math.max(1, Math.round(height * scale)),
          resizeQuality: "medium",
        });
        this.keep({ bitmap, scale, bounds: { minX: 0, minY: 0, maxX: width, maxY: height } });
        from = bitmap;
        scale /= 2;
      }
    } catch {
      this.failed += 1;
    }
  }

  draw(
    ctx: CanvasRenderingContext2D,
    view: ViewState,
    screen: Size,
    ratio: number,
    smoothing?: boolean,
  ): number {
    const visible = aim(ctx, view, screen, ratio, smoothing);
    const scale = Math.min(1, view.scale * ratio);
    const level = this.coarse.findLast((piece) => piece.scale >= scale) ?? this.coarse[0];
    const isCoarse = level !== undefined && level.scale < scale;
    const { patch } = this;
    const isPatched = isCoarse && patch !== undefined && overlap(patch.bounds, visible);
    for (const piece of [level, isPatched ? patch : undefined]) if (piece !== undefined) lay(ctx, piece);
    if (isCoarse) this.want(visible, scale);
    return (level ? 1 : 0) + (isPatched ? 1 : 0);
  }

  /** Too many to be handed out at once. */
  pixels(): null {
    return null;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const { bitmap } of [...this.coarse, ...(this.patch ? [this.patch] : [])]) bitmap.close();
    this.coarse = [];
    this.patch = undefined;
  }

  private keep(piece: Piece): void {
    if (this.closed) piece.bitmap.close();
    else this.coarse.push(piece);
    this.onBetter();
  }

  /** Wants what is in sight, sharp, unless the patch has it. */
  private want(visible: Bounds, scale: number): void {
    const { width, height } = this.size;
    const inside = within(visible, { minX: 0, minY: 0, maxX: width, maxY: height });
    if (inside.maxX <= inside.minX || inside.maxY <= inside.minY) return;
    if (this.patch && this.patch.scale >= scale * 0.9 && covers(this.patch.bounds, inside)) return;
    const [more, down] = [(inside.maxX - inside.minX) * MARGIN, (inside.maxY - inside.minY) * MARGIN];
    const grown = {
      minX: Math.floor(inside.minX - more),
      minY: Math.floor(inside.minY - down),
      maxX: Math.ceil(inside.maxX + more),
      maxY: Math.ceil(inside.maxY + down),
    };
    this.wanted = { bounds: within(grown, { minX: 0, minY: 0, maxX: width, maxY: height }), scale };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.cut(), REST_MS);
  }

  private async cut(): Promise<void> {
    if (this.cutting || this.wanted === undefined) return;
    const { bounds, scale: asked } = this.wanted;
    this.wanted = undefined;
    this.cutting = true;
    const [width, height] = [bounds.maxX - bounds.minX, bounds.maxY - bounds.minY];
    const scale = Math.min(asked, Math.sqrt(PATCH_PX / (width * height)));
    try {
      this.cuts += 1;
      const bitmap = await createImageBitmap(await this.source, bounds.minX, bounds.minY, width, height, {
        resizeWidth: Math.max(1, Math.round(width * scale)),
        resizeHeight: Math.max(1, Math.round(height * scale)),
        resizeQuality: "medium",
      });
      this.patch?.bitmap.close();
      this.patch = { bitmap, scale, bounds };
      if (this.closed) this.close();
      else this.onBetter();
    } catch {
      this.failed += 1;
    } finally {
      this.cutting = false;
      // What was wanted meanwhile comes next.
      if (this.wanted !== undefined && !this.closed) void this.cut();
    }
  }
}

function lay(ctx: CanvasRenderingContext2D, { bitmap, bounds }: Piece): void {
  ctx.drawImage(bitmap, bounds.minX, bounds.minY, bounds.maxX - bounds.minX, bounds.maxY - bounds.minY);
}

function within(b: Bounds, limits: Bounds): Bounds {
  return {
    minX: Math.max(b.minX, limits.minX),
    minY: Math.max(b.minY, limits.minY),
    maxX: Math.min(b.maxX, limits.maxX),
    maxY: Math.min(b.maxY, limits.maxY),
  };
}

function covers(whole: Bounds, part: Bounds): boolean {
  return (
    whole.minX <= part.minX && whole.minY <= part.minY && whole.maxX >= part.maxX && whole.maxY >= part.maxY
  );
}

/** The file itself, from the browser's cache: it is decoded beside the page. Null for other origins that do not allow it. */
async function blobOf(url: string): Promise<Blob | null> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}
