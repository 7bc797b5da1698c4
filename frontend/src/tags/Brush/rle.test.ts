import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskOf } from "../../canvas/geometry/masks";
import { brushCodec } from "./codec";
import { decodeRle, encodeRle } from "./rle";

/** Packs values as a plain reading of the format says, with literal blocks, to have a second opinion. */
function packPlainly(values: readonly number[], literal: boolean): number[] {
  let bits = "";
  const put = (value: number, size: number) => {
    bits += value.toString(2).padStart(size, "0");
  };
  put(values.length, 32);
  put(7, 5);
  for (const size of [2, 3, 7, 15]) put(size, 4);
  for (let at = 0; at < values.length; ) {
    let run = 1;
    while (!literal && run < 200 && values[at + run] === values[at]) run += 1;
    if (literal) run = Math.min(13, values.length - at);
    put(literal ? 0 : 1, 1);
    put(2, 2);
    put(run - 1, 8);
    for (const value of literal ? values.slice(at, at + run) : [values[at] as number]) put(value, 8);
    at += run;
  }
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

const picture = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 30 }) })
  .chain((size) =>
    fc.record({
      size: fc.constant(size),
      alpha: fc.array(fc.constantFrom(0, 0, 255), {
        minLength: size.width * size.height,
        maxLength: size.width * size.height,
      }),
    }),
  );

describe("brush code", () => {
  test("a fully covered 4 by 4 picture has the documented bytes", () => {
    const size = { width: 4, height: 4 };
    const full = maskOf(new Uint8Array(16).fill(255), size);
    expect(encodeRle(full, size)).toEqual([0, 0, 0, 64, 57, 27, 254, 63, 255]);
    expect(decodeRle([0, 0, 0, 64, 57, 27, 254, 63, 255], size)).toEqual(full);
  });

  test("what is encoded is decoded, whatever the mask", () => {
    fc.assert(
      fc.property(picture, ({ size, alpha }) => {
        const mask = maskOf(alpha, size);
        expect(decodeRle(encodeRle(mask, size), size)).toEqual(mask);
      }),
    );
  });

  test("codes by another writer are read, with runs and with literal blocks", () => {
    fc.assert(
      fc.property(picture, fc.boolean(), ({ size, alpha }, literal) => {
        const rgba = alpha.flatMap((value) => [value, value, value, value]);
        expect(decodeRle(packPlainly(rgba, literal), size)).toEqual(maskOf(alpha, size));
      }),
    );
  });

  test("runs longer than 65,536 values are split", () => {
    const size = { width: 700, height: 300 };
    const mask = maskOf(new Uint8Array(210_000).fill(255), size);
    expect(decodeRle(encodeRle(mask, size), size)?.count).toBe(210_000);
  });

  test("a code of another size, or cut short, is not read", () => {
    expect(decodeRle([0, 0, 0, 64, 57, 27, 254, 63, 255], { width: 5, height: 4 })).toBeNull();
    expect(decodeRle([0, 0, 0, 64, 57, 27], { width: 4, height: 4 })).toBeNull();
  });

  test("an unchanged mask is not written", () => {
    const size = { width: 4, height: 4 };
    const value = { format: "rle", rle: [0, 0, 0, 64, 57, 27, 254, 63, 255] };
    const shape = brushCodec.read(value, size);
    expect(shape && brushCodec.write(shape, size, value)).toEqual({});
    const left = maskOf([255, 0, 0, 0].concat(new Array(12).fill(0)), size);
    expect(Object.keys(brushCodec.write({ kind: "mask", mask: left }, size, value))).toEqual([
      "format",
      "rle",
    ]);
  });
});
