/** PNG pictures as bitmasks have them: which pixels are opaque, read and written without a canvas. */
import { EMPTY_MASK, type Mask, maskOf } from "../../canvas/geometry/masks";
import type { Size } from "../../canvas/geometry/points";
import { deflateRuns } from "./deflate";
import { inflate } from "./inflate";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const PREFIX = "data:image/png;base64,";
/** Larger pictures are no masks of pictures that a browser shows. */
const MOST_PIXELS = 1 << 28;

interface Header extends Size {
  readonly depth: number;
  /** 0 grey, 2 colours, 3 palette, 4 grey and alpha, 6 colours and alpha. */
  readonly kind: number;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Gives the opaque pixels of a PNG data address, stretched to a picture of this size; null for anything else. */
export function decodeBitmask(address: string, size: Size): Mask | null {
  if (!address.startsWith(PREFIX)) return null;
  try {
    const bytes = Uint8Array.from(atob(address.slice(PREFIX.length)), (char) => char.charCodeAt(0));
    const { header, alpha } = decodePng(bytes);
    if (size.width * size.height === 0) return EMPTY_MASK;
    const same = header.width === size.width && header.height === size.height;
    return maskOf(same ? alpha : stretched(alpha, header, size), size);
  } catch {
    return null;
  }
}

function stretched(alpha: Uint8Array, from: Size, to: Size): Uint8Array {
  const out = new Uint8Array(to.width * to.height);
  for (let y = 0; y < to.height; y += 1) {
    const row = Math.floor((y * from.height) / to.height) * from.width;
    for (let x = 0; x < to.width; x += 1)
      out[y * to.width + x] = alpha[row + Math.floor((x * from.width) / to.width)] as number;
  }
  return out;
}

/** Gives a picture's size and one byte of alpha a pixel. Throws for what is no plain PNG. */
export function decodePng(bytes: Uint8Array): { readonly header: Header; readonly alpha: Uint8Array } {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new Error("not a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let transparency: Uint8Array | undefined;
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") header = headerOf(data);
    if (name === "tRNS") transparency = data;
    if (name === "IDAT") parts.push(data);
    at += length + 12;
  }
  if (header === undefined) throw new Error("no header");
  const rows = unfiltered(header, inflate(joined(parts), sizeOf(header)));
  return { header, alpha: alphaOf(header, rows, transparency) };
}

function headerOf(data: Uint8Array): Header {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: data[8] ?? 0,
    kind: data[9] ?? 0,
  };
  const known = CHANNELS[header.kind] !== undefined && [1, 2, 4, 8, 16].includes(header.depth);
  if (!known || data[12] !== 0 || header.width * header.height > MOST_PIXELS)
    throw new Error("such pictures are not read");
  return header;
}

const bitsOf = ({ kind, depth }: Header): number => (CHANNELS[kind] as number) * depth;
const rowOf = (header: Header): number => Math.ceil((header.width * bitsOf(header)) / 8);
const sizeOf = (header: Header): number => (rowOf(header) + 1) * header.height;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Takes the filters back, in place: each row begins with the number of its own. */
function unfiltered(header: Header, data: Uint8Array): Uint8Array {
  const [row, step] = [rowOf(header), Math.max(1, bitsOf(header) >> 3)];
  for (let y = 0; y < header.height; y += 1) {
    const begin = y * (row + 1) + 1;
    const filter = data[begin - 1] as number;
    if (filter === 0) continue;
    for (let i = 0; i < row; i += 1) {
      const at = begin + i;
      const left = i >= step ? (data[at - step] as number) : 0;
      const up = y > 0 ? (data[at - row - 1] as number) : 0;
      const corner = y > 0 && i >= step ? (data[at - row - 1 - step] as number) : 0;
      data[at] = ((data[at] as number) + predicted(filter, left, up, corner)) & 255;
    }
  }
  return data;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function alphaOf(header: Header, rows: Uint8Array, transparency: Uint8Array | undefined): Uint8Array {
  const { width, height, depth, kind } = header;
  const alpha = new Uint8Array(width * height).fill(255);
  const row = rowOf(header) + 1;
  if (kind === 4 || kind === 6) {
    const [bytes, step] = [depth >> 3, bitsOf(header) >> 3];
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        alpha[y * width + x] = rows[y * row + 1 + x * step + step - bytes] as number;
  } else if (kind === 3 && transparency !== undefined) {
    const most = (1 << depth) - 1;
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const bit = x * depth;
        const index = ((rows[y * row + 1 + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & most;
        alpha[y * width + x] = transparency[index] ?? 255;
      }
  }
  return alpha;
}

/** Gives a mask as the data address of a picture of this size: white and opaque where it is, else nothing. */
export function encodeBitmask(mask: Mask, size: Size): string {
  const bytes = encodePng(mask, size);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return PREFIX + btoa(text);
}

function encodePng(mask: Mask, { width, height }: Size): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", deflateRuns(runsOf(mask, { width, height }))),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/**
 * The filtered bytes of the picture as runs. Each row is told by its difference from the one above, and all four
 * bytes of a pixel are alike: masks come out as very few, very long runs.
 */
function* runsOf(mask: Mask, { width, height }: Size): Generator<readonly [value: number, length: number]> {
  const has = (x: number, y: number) => {
    const [i, j] = [x - mask.x, y - mask.y];
    return i >= 0 && j >= 0 && i < mask.width && j < mask.height && mask.data[j * mask.width + i] !== 0;
  };
  const UP = 2;
  for (let y = 0; y < height; y += 1) {
    yield [UP, 1];
    // Above and far below the mask nothing differs.
    if (y < mask.y || y > mask.y + mask.height) {
      yield [0, width * 4];
      continue;
    }
    for (let x = 0; x < width; x += 1) {
      const [here, above] = [has(x, y), y > 0 && has(x, y - 1)];
      yield [here === above ? 0 : here ? 255 : 1, 4];
    }
  }
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(name: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(
    [...name].map((char) => char.charCodeAt(0)),
    4,
  );
  out.set(data, 8);
  let sum = 0xffffffff;
  for (let i = 4; i < data.length + 8; i += 1)
    sum = (table[(sum ^ (out[i] as number)) & 255] as number) ^ (sum >>> 8);
  view.setUint32(data.length + 8, ~sum >>> 0);
  return out;
}
