/** Pyramids of tiles: which levels there are, which tile lies where, and what its address is. */
import type { Point, Size } from "../geometry/points";
import { PictureError } from "../words";
import { isDeepZoom, type PictureAddress, type TileAddress } from "./address";

/** One tile: its address, and where it lies in the picture's own pixels. */
export interface TilePlace {
  readonly url: string;
  readonly x: number;
  readonly y: number;
  /** Not said where a tile at the edge may be filled up or cut: then its own size says it. */
  readonly width?: number;
  readonly height?: number;
}

export interface PyramidLevel {
  /** Pixels of this level per pixel of the picture. */
  readonly scale: number;
  /** Pixels of the picture from one tile to the next, across and down. */
  readonly step: Point;
  readonly columns: number;
  readonly rows: number;
  readonly tile: (column: number, row: number) => TilePlace;
}

export interface Pyramid {
  readonly size: Size;
  /** The smallest first. */
  readonly levels: readonly PyramidLevel[];
}

/** Gives the pyramid of an address; fetches its description where it has one. Rejects with a plain message. */
export async function pyramidOf(address: PictureAddress): Promise<Pyramid> {
  if (typeof address !== "string") return mapPyramid(address);
  const answer = await fetch(address).catch(() => undefined);
  if (!answer?.ok) throw new PictureError("pictureLost", { address });
  if (isDeepZoom(address)) return deepZoomPyramid(await answer.text(), answer.url || address);
  return servicePyramid(await answer.json(), answer.url || address);
}

/** `{z}/{x}/{y}`, as maps have it. */
export function mapPyramid({ tiles, width, height, tileSize = 256, maxZoom }: TileAddress): Pyramid {
  const top = maxZoom ?? Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / tileSize)));
  const levels = Array.from({ length: top + 1 }, (_, z): PyramidLevel => {
    const scale = 2 ** (z - top);
    const step = tileSize / scale;
    const tile = (x: number, y: number): TilePlace => ({
      url: tiles.replaceAll("{z}", `${z}`).replaceAll("{x}", `${x}`).replaceAll("{y}", `${y}`),
      x: x * step,
      y: y * step,
    });
    return {
      scale,
      step: { x: step, y: step },
      columns: Math.ceil(width / step),
      rows: Math.ceil(height / step),
      tile,
    };
  });
  return { size: { width, height }, levels };
}

/** Deep Zoom: a description in XML, tiles in a folder beside it. */
export function deepZoomPyramid(xml: string, address: string): Pyramid {
  const read = (name: string) => new RegExp(`\\b${name}\\s*=\\s*["']([\\w.]+)["']`, "i").exec(xml)?.[1];
  const [width, height, side, overlap] = ["Width", "Height", "TileSize", "Overlap"].map((name) =>
    Number(read(name)),
  ) as [number, number, number, number];
  const format = read("Format");
  if (!(width > 0 && height > 0 && side > 0 && overlap >= 0) || format === undefined)
    throw new PictureError("tilesUnread");
  const [, base, rest = ""] = /^(.*)\.dzi([?#].*)?$/is.exec(address) ?? [];
  const top = Math.ceil(Math.log2(Math.max(width, height)));
  const levels = Array.from({ length: top + 1 }, (_, level): PyramidLevel => {
    const scale = 2 ** (level - top);
    const [w, h] = [Math.ceil(width * scale), Math.ceil(height * scale)];
    const span = (at: number, most: number) => {
      const from = at * side - (at > 0 ? overlap : 0);
      return { from: from / scale, length: (Math.min(most, (at + 1) * side + overlap) - from) / scale };
    };
    const tile = (column: number, row: number): TilePlace => {
      const [x, y] = [span(column, w), span(row, h)];
      const url = `${base}_files/${level}/${column}_${row}.${format}${rest}`;
      return { url, x: x.from, y: y.from, width: x.length, height: y.length };
    };
    return {
      scale,
      step: { x: side / scale, y: side / scale },
      columns: Math.ceil(w / side),
      rows: Math.ceil(h / side),
      tile,
    };
  });
  return { size: { width, height }, levels };
}

interface ServiceInfo {
  readonly "@id"?: string;
  readonly id?: string;
  readonly width?: number;
  readonly height?: number;
  readonly tiles?: readonly {
    readonly width: number;
    readonly height?: number;
    readonly scaleFactors: readonly number[];
  }[];
}

/** IIIF's Image API, versions 2 and 3: regions of the picture, asked for at a size. */
export function servicePyramid(info: ServiceInfo, address: string): Pyramid {
  const { width = 0, height = 0 } = info;
  const tiles = info.tiles?.[0];
  const id = (info.id ?? info["@id"] ?? address.replace(/\/info\.json.*$/is, "")).replace(/\/$/, "");
  if (!(width > 0 && height > 0) || !tiles?.scaleFactors?.length || !(tiles.width > 0))
    throw new PictureError("tilesUnread");
  const isThird = info.id !== undefined;
  const [sideX, sideY] = [tiles.width, tiles.height ?? tiles.width];
  const levels = tiles.scaleFactors
    .toSorted((a, b) => b - a)
    .map((factor): PyramidLevel => {
      const [stepX, stepY] = [sideX * factor, sideY * factor];
      const tile = (column: number, row: number): TilePlace => {
        const [x, y] = [column * stepX, row * stepY];
        const [w, h] = [Math.min(stepX, width - x), Math.min(stepY, height - y)];
        const asked = `${Math.ceil(w / factor)},${isThird ? Math.ceil(h / factor) : ""}`;
        return { url: `${id}/${x},${y},${w},${h}/${asked}/0/default.jpg`, x, y, width: w, height: h };
      };
      const [columns, rows] = [Math.ceil(width / stepX), Math.ceil(height / stepY)];
      return { scale: 1 / factor, step: { x: stepX, y: stepY }, columns, rows, tile };
    });
  return { size: { width, height }, levels };
}
