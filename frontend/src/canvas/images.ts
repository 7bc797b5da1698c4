/**
 * The picture under the regions: loaded, halved into levels so that a small view never rescales millions of
 * pixels, cut into tiles where a graphics card could not hold it whole, and drawn as a view shows it.
 *
 * Orientation from EXIF is the browser's work: natural sizes are those of the upright picture. Brightness and
 * contrast are a CSS filter on the canvas, so pictures of other origins can be adjusted without reading them.
 */
import { type Bounds, overlap, type Size } from "./geometry/points";
import type { Picture, PictureCounters } from "./picture";
import { matrix, type ViewState, visibleBounds } from "./view";
import { PictureError } from "./words";

/** Larger sides than this are cut: every graphics card of the last ten years holds it. */
const TILE_PX = 4096;
const SMALLEST_LEVEL_PX = 256;
/** From this zoom on single pixels are shown as squares. */
const PIXELATED_SCALE = 3;

interface Tile {
  readonly source: CanvasImageSource;
  /** Where it lies, and how large it is, in natural pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Level {
  /** Pixels of this level per natural pixel. */
  readonly scale: number;
  readonly tiles: readonly Tile[];
}

export type CrossOrigin = "none" | "anonymous" | "use-credentials";

/** Of more pixels than this, not all can be held: with the smaller levels they are 256 MB. */
export const LARGEST_WHOLE_PX = 48e6;

/** Loads an image element; rejects with a plain message. Huge ones are not decoded yet: nobody will show all of them. */
export async function imageAt(url: string, crossOrigin: CrossOrigin): Promise<HTMLImageElement> {
  const element = new Image();
  if (crossOrigin !== "none") element.crossOrigin = crossOrigin;
  try {
    await new Promise((done, failed) => {
      element.onload = done;
      element.onerror = failed;
      element.src = url;
    });
    if (element.naturalWidth * element.naturalHeight <= LARGEST_WHOLE_PX) await element.decode();
  } catch {
    throw new PictureError("pictureLost", { address: url });
  }
  return element;
}

/** An SVG without a size has the one that browsers give it. */
export function sizeOf({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): Size {
  return width > 0 ? { width, height } : { width: 300, height: 150 };
}

/** Makes a canvas show a view of the picture, in the picture's own pixels; gives what of it is in sight. */
export function aim(
  ctx: CanvasRenderingContext2D,
  view: ViewState,
  screen: Size,
  ratio: number,
  smoothing?: boolean,
): Bounds {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  const [a, b, c, d, e, f] = matrix(view).map((n) => n * ratio) as ReturnType<typeof matrix>;
  ctx.setTransform(a, b, c, d, e, f);
  ctx.imageSmoothingEnabled = smoothing ?? view.scale * ratio < PIXELATED_SCALE;
  ctx.imageSmoothingQuality = "medium";
  return visibleBounds(view, screen);
}

/** A picture that is held whole, with its levels; smaller levels come by and by. */
export class WholePicture implements Picture {
  private levels: Level[];
  private closed = false;

  constructor(
    readonly size: Size,
    private readonly element: HTMLImageElement,
  ) {
    const whole: Tile = { source: element, x: 0, y: 0, ...size };
    this.levels = [{ scale: 1, tiles: [whole] }];
  }

  get counters(): PictureCounters {
    const held = this.levels.flatMap(({ tiles }) => tiles.map(({ source }) => source));
    const bitmaps = held.filter((source) => source instanceof ImageBitmap);
    const bitmapBytes = bitmaps.reduce((sum, { width, height }) => sum + width * height * 4, 0);
    return { bitmapBytes, tilesAsked: 0, tilesHeld: held.length, tilesFailed: 0 };
  }

  /** Makes the halved levels and tiles; calls back after each, since a better one can be shown. */
  async prepare(onLevel: () => void): Promise<void> {
    try {
      if (Math.max(this.size.width, this.size.height) > TILE_PX) await this.cut(onLevel);
      let scale = 0.5;
      while (Math.max(this.size.width, this.size.height) * scale >= SMALLEST_LEVEL_PX && !this.closed) {
        await this.halve(scale);
        onLevel();
        scale /= 2;
      }
    } catch {
      // A picture that cannot be copied (an SVG without size, no memory) is drawn from its element.
    }
  }

  /** Draws the part of the picture a view shows; gives the number of tiles drawn. */
  draw(
    ctx: CanvasRenderingContext2D,
    view: ViewState,
    screen: Size,
    ratio: number,
    smoothing?: boolean,
  ): number {
    const level = this.levelFor(view.scale * ratio);
    const visible = aim(ctx, view, screen, ratio, smoothing);
    let drawn = 0;
    for (const tile of level.tiles) {
      const { x, y, width, height } = tile;
      if (!overlap({ minX: x, minY: y, maxX: x + width, maxY: y + height }, visible)) continue;
      ctx.drawImage(tile.source, x, y, width, height);
      drawn += 1;
    }
    return drawn;
  }

  /** Gives all pixels, or null where the browser does not let them be read: pictures of other origins. */
  pixels(): ImageData | null {
    const { width, height } = this.size;
    const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    try {
      ctx?.drawImage(this.element, 0, 0, width, height);
      return ctx?.getImageData(0, 0, width, height) ?? null;
    } catch {
      return null;
    }
  }

  /** The level that has at least a pixel per device pixel, and no more than four times as many. */
  private levelFor(scale: number): Level {
    let best = this.levels[0] as Level;
    for (const level of this.levels) if (level.scale >= scale && level.scale < best.scale) best = level;
    return best;
  }

  private async halve(scale: number): Promise<void> {
    const width = Math.max(1, Math.round(this.size.width * scale));
    const height = Math.max(1, Math.round(this.size.height * scale));
    if (Math.max(width, height) > TILE_PX * 2) return;
    const from = this.levels.findLast((level) => level.tiles.length === 1)?.tiles[0]?.source ?? this.element;
    const bitmap = await createImageBitmap(from, {
      resizeWidth: width,
      resizeHeight: height,
      resizeQuality: "medium",
    });
    if (this.closed) bitmap.close();
    else this.levels.push({ scale, tiles: [{ source: bitmap, x: 0, y: 0, ...this.size }] });
  }

  /** Replaces the whole picture by tiles, so that only what shows is ever sent to the graphics card. */
  private async cut(onLevel: () => void): Promise<void> {
    const tiles: Tile[] = [];
    for (let y = 0; y < this.size.height; y += TILE_PX) {
      for (let x = 0; x < this.size.width; x += TILE_PX) {
        const width = Math.min(TILE_PX, this.size.width - x);
        const height = Math.min(TILE_PX, this.size.height - y);
        tiles.push({
          source: await createImageBitmap(this.element, x, y, width, height),
          x,
          y,
          width,
          height,
        });
      }
    }
    this.levels[0] = { scale: 1, tiles };
    onLevel();
  }

  close(): void {
    this.closed = true;
    for (const level of this.levels) {
      for (const { source } of level.tiles) if (source instanceof ImageBitmap) source.close();
    }
    this.levels = [{ scale: 1, tiles: [] }];
  }
}
