/** Small pictures made on the spot, so that no binary stands in the tree. */
import { crc32, deflateSync } from "node:zlib";

type Colour = (x: number, y: number) => readonly [number, number, number];

/** An RGB picture of the given size, coloured by a function of the pixel. */
export function png(width: number, height: number, colour: Colour): Buffer {
  const raw = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    const row = y * (1 + width * 3);
    for (let x = 0; x < width; x++) raw.set(colour(x, y), row + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Squares of two colours, in a picture of any size: a bit a pixel, written row by row from two rows. */
export function chequered(width: number, height: number, side: number): Buffer {
  const bytes = Math.ceil(width / 8);
  const rows = [0, 1].map((odd) => {
    const row = Buffer.alloc(1 + bytes);
    for (let x = 0; x < width; x += 1)
      if ((Math.floor(x / side) + odd) % 2 === 1)
        row[1 + (x >> 3)] = (row[1 + (x >> 3)] ?? 0) | (128 >> (x & 7));
    return row;
  });
  const raw = Buffer.concat(
    Array.from({ length: height }, (_, y) => rows[Math.floor(y / side) % 2] as Buffer),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from([250, 250, 250, 40, 90, 200])),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A landscape that differs by seed: sky, sun, hills. */
export function landscape(seed: number, width = 240, height = 160): Buffer {
  const hue = (seed * 47) % 90;
  const sun = [(seed * 61) % width, 30 + ((seed * 23) % 40)] as const;
  return png(width, height, (x, y) => {
    const hill = height * 0.62 + 18 * Math.sin((x + seed * 37) / 31) + 9 * Math.sin((x + seed * 11) / 13);
    if (y > hill) return [40 + hue / 3, 96 + ((y - hill) | 0) * 0.5, 58 + hue / 4];
    if (Math.hypot(x - sun[0], y - sun[1]) < 15) return [252, 224, 146];
    return [120 + hue, 176 + y / 4, 235 - hue / 3];
  });
}
