/** The picture under the regions, whole or in tiles: what the editor asks of it, and which one an address needs. */
import type { Size } from "./geometry/points";
import { type CrossOrigin, imageAt, LARGEST_WHOLE_PX, sizeOf, WholePicture } from "./images";
import { isTiled, type PictureAddress } from "./tiles/address";
import type { ViewState } from "./view";

/** What a picture holds and asks for; tests hold these to limits. */
export interface PictureCounters {
  /** Decoded pixels that are held, in bytes. */
  readonly bitmapBytes: number;
  readonly tilesAsked: number;
  readonly tilesHeld: number;
  readonly tilesFailed: number;
}

export interface Picture {
  readonly size: Size;
  readonly counters: PictureCounters;
  /** Makes ready what shows better; calls back whenever there is something better to draw. */
  prepare(onBetter: () => void): Promise<void>;
  /** Draws the part that a view shows, with what is here; gives the number of pieces drawn. */
  draw(
    ctx: CanvasRenderingContext2D,
    view: ViewState,
    screen: Size,
    ratio: number,
    smoothing?: boolean,
  ): number;
  /** Gives all pixels, or null where they must not or cannot be read. */
  pixels(): ImageData | null;
  close(): void;
}

/** Loads a picture; rejects with a plain message when it cannot be shown. What huge ones need is fetched for them. */
export async function loadPicture(
  address: PictureAddress,
  crossOrigin: CrossOrigin = "none",
): Promise<Picture> {
  if (isTiled(address)) {
    const { loadTiledPicture } = await import("./tiles/tiled");
    return loadTiledPicture(address, crossOrigin);
  }
  const element = await imageAt(address as string, crossOrigin);
  const size = sizeOf(element);
  if (size.width * size.height <= LARGEST_WHOLE_PX) return new WholePicture(size, element);
  const { LargePicture } = await import("./tiles/large");
  return new LargePicture(size, element);
}
