/**
 * A picture in tiles: those in sight are asked for, the nearest to the middle first, and what was asked for and is out
 * of sight again is called off. Until a tile is here, the part of a coarser one that covers it shows.
 *
 * Decoded tiles are held up to a limit; those that showed longest ago go first.
 */
import type { Bounds, Size } from "../geometry/points";
import { aim, type CrossOrigin } from "../images";
import type { Picture, PictureCounters } from "../picture";
import type { ViewState } from "../view";
import type { PictureAddress } from "./address";
import { type Pyramid, type PyramidLevel, pyramidOf, type TilePlace } from "./pyramid";

/** Decoded tiles held at most. */
const MOST_BYTES = 192 * 1048576;
const AT_ONCE = 6;
/** A tile that could not be had is asked for again, so many times in all. */
const TRIES = 2;

interface HeldTile {
  readonly place: TilePlace;
  readonly level: PyramidLevel;
  readonly bitmap: ImageBitmap;
  usedAt: number;
}

interface Wanted {
  readonly key: string;
  readonly level: PyramidLevel;
  readonly place: TilePlace;
  /** Distance from the middle of what is in sight. */
  readonly far: number;
}

/** Loads a picture in tiles; rejects with a plain message when its description cannot be had. */
export async function loadTiledPicture(
  address: PictureAddress,
  crossOrigin: CrossOrigin,
): Promise<TiledPicture> {
  return new TiledPicture(await pyramidOf(address), (url, signal) => fetchTile(url, crossOrigin, signal));
}

export type FetchTile = (url: string, signal: AbortSignal) => Promise<ImageBitmap>;

export class TiledPicture implements Picture {
  readonly size: Size;
  private readonly held = new Map<string, HeldTile>();
  private readonly loading = new Map<string, AbortController>();
  private readonly failures = new Map<string, number>();
  /** What each canvas that shows the picture lacks: the picture's own, and the overview's. */
  private readonly wants = new Map<HTMLCanvasElement, readonly Wanted[]>();
  private bytes = 0;
  private asked = 0;
  private clock = 0;
  private closed = false;
  private onBetter: () => void = () => undefined;

  constructor(
    private readonly pyramid: Pyramid,
    private readonly fetchTile: FetchTile,
  ) {
    this.size = pyramid.size;
  }

  get counters(): PictureCounters {
    return {
      bitmapBytes: this.bytes,
      tilesAsked: this.asked,
      tilesHeld: this.held.size,
      tilesFailed: this.failures.size,
    };
  }

  async prepare(onBetter: () => void): Promise<void> {
    this.onBetter = onBetter;
  }

  draw(
    ctx: CanvasRenderingContext2D,
    view: ViewState,
    screen: Size,
    ratio: number,
    smoothing?: boolean,
  ): number {
    this.clock += 1;
    const visible = aim(ctx, view, screen, ratio, smoothing);
    const { levels } = this.pyramid;
    const at = levels.findIndex((level) => level.scale >= view.scale * ratio);
    const depth = at < 0 ? levels.length - 1 : at;
    const under = new Map<string, HeldTile>();
    const sharp: HeldTile[] = [];
    const wanted: Wanted[] = [];
    for (const one of this.inSight(depth, visible)) {
      const held = this.held.get(one.key);
      if (held) sharp.push(held);
      else {
        wanted.push(one);
        this.coverWith(under, depth, one);
      }
    }
    const shown = [...[...under.values()].sort((a, b) => a.level.scale - b.level.scale), ...sharp];
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, this.size.width, this.size.height);
    ctx.clip();
    for (const tile of shown) this.lay(ctx, tile);
    ctx.restore();
    this.wants.set(ctx.canvas, [...this.ground(), ...wanted.sort((a, b) => a.far - b.far)]);
    this.pump();
    return shown.length;
  }

  /** Tiles of other places are no pixels of one picture. */
  pixels(): null {
    return null;
  }

  close(): void {
    this.closed = true;
    for (const loading of this.loading.values()) loading.abort();
    for (const { bitmap } of this.held.values()) bitmap.close();
    this.loading.clear();
    this.held.clear();
    this.wants.clear();
    this.bytes = 0;
  }

  /** The tiles of a level that lie in sight. */
  private *inSight(depth: number, visible: Bounds): Generator<Wanted> {
    const level = this.pyramid.levels[depth] as PyramidLevel;
    const clip = (at: number, most: number) => Math.max(0, Math.min(most - 1, at));
    const { width, height } = this.size;
    if (visible.maxX < 0 || visible.maxY < 0 || visible.minX > width || visible.minY > height) return;
    const [left, right] = [visible.minX, visible.maxX].map((x) =>
      clip(Math.floor(x / level.step.x), level.columns),
    );
    const [top, bottom] = [visible.minY, visible.maxY].map((y) =>
      clip(Math.floor(y / level.step.y), level.rows),
    );
    const middle = { x: (visible.minX + visible.maxX) / 2, y: (visible.minY + visible.maxY) / 2 };
    for (let row = top as number; row <= (bottom as number); row += 1) {
      for (let column = left as number; column <= (right as number); column += 1) {
        const place = level.tile(column, row);
        const far = Math.hypot(place.x + level.step.x / 2 - middle.x, place.y + level.step.y / 2 - middle.y);
        yield { key: place.url, level, place, far };
      }
    }
  }

  /** Adds the nearest coarser tile that is here and covers the middle of one that is not. */
  private coverWith(under: Map<string, HeldTile>, depth: number, { place, level }: Wanted): void {
    const { width, height } = this.size;
    const x = Math.min(place.x + level.step.x / 2, width - 1);
    const y = Math.min(place.y + level.step.y / 2, height - 1);
    for (let above = depth - 1; above >= 0; above -= 1) {
      const { step, tile } = this.pyramid.levels[above] as PyramidLevel;
      const { url } = tile(Math.floor(x / step.x), Math.floor(y / step.y));
      const held = this.held.get(url);
      if (!held) continue;
      under.set(url, held);
      return;
    }
  }

  /** The largest level of a single tile lies under everything: it is always wanted. */
  private ground(): readonly Wanted[] {
    const level = this.pyramid.levels.findLast(({ columns, rows }) => columns === 1 && rows === 1);
    if (!level) return [];
    const place = level.tile(0, 0);
    return this.held.has(place.url) ? [] : [{ key: place.url, level, place, far: 0 }];
  }

  private lay(ctx: CanvasRenderingContext2D, tile: HeldTile): void {
    tile.usedAt = this.clock;
    const { place, level, bitmap } = tile;
    const { width = bitmap.width / level.scale, height = bitmap.height / level.scale } = place;
    ctx.drawImage(bitmap, place.x, place.y, width, height);
  }

  /** Asks for what is wanted, as many as may be under way; calls off what nobody wants any more. */
  private pump(): void {
    const wanted = new Map([...this.wants.values()].flat().map((one) => [one.key, one]));
    for (const [key, loading] of this.loading) {
      if (wanted.has(key)) continue;
      loading.abort();
      this.loading.delete(key);
    }
    for (const one of wanted.values()) {
      if (this.loading.size >= AT_ONCE || this.closed) return;
      const isSettled = this.held.has(one.key) || (this.failures.get(one.key) ?? 0) >= TRIES;
      if (!isSettled && !this.loading.has(one.key)) void this.load(one);
    }
  }

  private async load({ key, level, place }: Wanted): Promise<void> {
    const control = new AbortController();
    this.loading.set(key, control);
    this.asked += 1;
    try {
      const bitmap = await this.fetchTile(place.url, control.signal);
      if (control.signal.aborted || this.closed) {
        bitmap.close();
        return;
      }
      this.held.set(key, { place, level, bitmap, usedAt: this.clock });
      this.bytes += bytesOf(bitmap);
      this.loading.delete(key);
      this.letGo();
      this.onBetter();
    } catch {
      if (control.signal.aborted) return;
      this.loading.delete(key);
      this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
    }
    if (!this.closed) this.pump();
  }

  /** Lets tiles go that showed longest ago, until what is held is within the limit; never one of the last frames. */
  private letGo(): void {
    if (this.bytes <= MOST_BYTES) return;
    const old = [...this.held].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key, { bitmap, usedAt }] of old) {
      if (this.bytes <= MOST_BYTES || usedAt >= this.clock - 1) return;
      this.held.delete(key);
      this.bytes -= bytesOf(bitmap);
      bitmap.close();
    }
  }
}

const bytesOf = ({ width, height }: ImageBitmap): number => width * height * 4;

/** As an image element has it, so that tiles of other origins can be shown without their leave to be read. */
async function fetchTile(url: string, crossOrigin: CrossOrigin, signal: AbortSignal): Promise<ImageBitmap> {
  const element = new Image();
  if (crossOrigin !== "none") element.crossOrigin = crossOrigin;
  const stop = () => element.removeAttribute("src");
  signal.addEventListener("abort", stop, { once: true });
  element.src = url;
  await element.decode();
  return createImageBitmap(element);
}
