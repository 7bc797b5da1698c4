import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskOf } from "../../canvas/geometry/masks";
import { bitmaskCodec } from "./codec";
import { deflateRuns } from "./deflate";
import { inflate } from "./inflate";
import { decodeBitmask, decodePng, encodeBitmask } from "./png";

const bytes = fc.uint8Array({ maxLength: 3000 });

describe("inflating", () => {
  test.each([0, 1, 6, 9])("undoes zlib at level %i", (level) => {
    fc.assert(
      fc.property(fc.oneof(bytes, fc.array(fc.constantFrom(0, 255, 7), { maxLength: 3000 })), (data) => {
        const plain = Uint8Array.from(data);
        expect(inflate(deflateSync(plain, { level }), plain.length)).toEqual(plain);
      }),
    );
  });

  test("throws for what is cut off or no deflated data", () => {
    const packed = deflateSync(Uint8Array.from({ length: 500 }, (_, i) => i % 251));
    expect(() => inflate(packed.subarray(0, 20), 500)).toThrow();
    expect(() => inflate(Uint8Array.from([1, 2, 3]), 500)).toThrow();
  });
});

test("deflated runs are what zlib reads", () => {
  const run = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 5000 }));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
      const plain = runs.flatMap(([value, length]) => Array<number>(length).fill(value));
      expect([...inflateSync(deflateRuns(runs))]).toEqual(plain);
    }),
    { numRuns: 40 },
  );
});

describe("bitmasks", () => {
  const size = { width: 13, height: 9 };
  const pixels = fc.array(fc.constantFrom(0, 255), { minLength: 117, maxLength: 117 });

  test("come back as they were written", () => {
    fc.assert(
      fc.property(pixels, (alpha) => {
        const mask = maskOf(alpha, size);
        expect(decodeBitmask(encodeBitmask(mask, size), size)).toEqual(mask);
      }),
    );
  });

  test.each([
    { width: 400, height: 300, brush: 30, most: 3_000 },
    { width: 1920, height: 1080, brush: 40, most: 30_000 },
  ])("painted over $width × $height pixels have at most $most characters", ({ brush, most, ...photo }) => {
    const painted = new Uint8Array(photo.width * photo.height);
    // Along a wave, from one side to the other.
    for (let x = brush; x < photo.width - brush; x += 1) {
      const middle = (photo.height / 2) * (1 + Math.sin(x / 150) / 2);
      for (let down = -brush / 2; down <= brush / 2; down += 1) {
        const half = Math.sqrt(brush ** 2 / 4 - down ** 2);
        const row = Math.round(middle + down) * photo.width;
        painted.fill(255, Math.round(row + x - half), Math.round(row + x + half));
      }
    }
    const mask = maskOf(painted, photo);
    expect(mask.count).toBeGreaterThan(photo.width * brush * 0.9);
    expect(encodeBitmask(mask, photo).length).toBeLessThan(most);
  });

  test("of every kind of picture are its opaque pixels", () => {
    for (const [kind, depth, row, transparency, wanted] of [
      [6, 8, [9, 9, 9, 255, 1, 1, 1, 0], null, [255, 0]],
      [4, 8, [9, 0, 1, 200], null, [0, 200]],
      [3, 1, [0b01000000], [0, 255], [0, 255]],
      [3, 4, [0x21], [0, 0, 255], [255, 0]],
      [0, 8, [0, 255], null, [255, 255]],
      [2, 8, [1, 2, 3, 4, 5, 6], null, [255, 255]],
    ] as const) {
      expect([...decodePng(png(2, 1, kind, depth, [0, ...row], transparency)).alpha]).toEqual(wanted);
    }
  });

  test("of another size are stretched over the picture, as other editors show them", () => {
    const one = png(1, 1, 6, 8, [0, 1, 1, 1, 255], null);
    const address = `data:image/png;base64,${Buffer.from(one).toString("base64")}`;
    expect(decodeBitmask(address, size)?.count).toBe(117);
  });

  test.each(["", "data:image/png;base64,AAAA", "https://a/b.png", "data:image/png;base64,%%"])(
    "%s is none",
    (address) => expect(decodeBitmask(address, size)).toBeNull(),
  );

  test("that did not change are not written again", () => {
    const alpha = Array.from({ length: 117 }, (_, i) => (i % 3 ? 255 : 0));
    const value = { imageDataURL: encodeBitmask(maskOf(alpha, size), size) };
    const shape = bitmaskCodec.read(value, size);
    expect(shape && bitmaskCodec.write(shape, size, value)).toEqual({});
  });

  /** A PNG put together by hand; sums of chunks are not looked at. */
  function png(
    width: number,
    height: number,
    kind: number,
    depth: number,
    raw: readonly number[],
    transparency: readonly number[] | null,
  ): Uint8Array {
    const part = (name: string, data: readonly number[]) => [
      0,
      0,
      data.length >> 8,
      data.length & 255,
      ...Buffer.from(name),
      ...data,
      0,
      0,
      0,
      0,
    ];
    const header = [0, 0, 0, width, 0, 0, 0, height, depth, kind, 0, 0, 0];
    return Uint8Array.from([
      ...[137, 80, 78, 71, 13, 10, 26, 10],
      ...part("IHDR", header),
      ...(transparency ? part("tRNS", transparency) : []),
      ...part("IDAT", [...deflateSync(Uint8Array.from(raw))]),
    ]);
  }
});
