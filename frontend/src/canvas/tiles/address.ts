/** What an Image's value may be: the address of a picture, of a pyramid's description, or a pyramid said in the data. */

/**
 * A pyramid of square tiles as maps have it: `{z}` is 0 for the level that fits one tile, each further one is twice as
 * large, and the last one has the picture's own pixels.
 */
export interface TileAddress {
  /** With `{z}`, `{x}` and `{y}` in it. */
  readonly tiles: string;
  /** The whole picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of a tile's side; 256 when not said. */
  readonly tileSize?: number;
  /** The `{z}` of the picture's own pixels; by size and tile when not said. */
  readonly maxZoom?: number;
}

export type PictureAddress = string | TileAddress;

const isSize = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;

/** Whether a value of the data says a pyramid. */
export function isTileAddress(value: unknown): value is TileAddress {
  if (typeof value !== "object" || value === null) return false;
  const { tiles, width, height, tileSize, maxZoom } = value as Record<string, unknown>;
  const complete = typeof tiles === "string" && ["{z}", "{x}", "{y}"].every((hole) => tiles.includes(hole));
  if (!complete || !isSize(width) || !isSize(height)) return false;
  return (tileSize === undefined || isSize(tileSize)) && (maxZoom === undefined || Number.isInteger(maxZoom));
}

const endsIn = (address: string, end: RegExp): boolean => end.test(address.replace(/[?#].*$/s, ""));
export const isDeepZoom = (address: string): boolean => endsIn(address, /\.dzi$/i);
export const isImageService = (address: string): boolean => endsIn(address, /\/info\.json$/i);

/** Whether a picture comes in tiles. */
export function isTiled(address: PictureAddress): boolean {
  return typeof address !== "string" || isDeepZoom(address) || isImageService(address);
}
