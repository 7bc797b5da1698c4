import fc from "fast-check";
import { expect, test } from "vitest";
import { maskOf } from "./masks";
import { spreadFrom, united } from "./wand";

/** A picture drawn in letters: each letter is a grey. */
function picture(...rows: readonly string[]) {
  const data = rows.flatMap((row) =>
    [...row].flatMap((letter) => [1, 1, 1].map(() => letter.charCodeAt(0)).concat(255)),
  );
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}
const drawn = (mask: ReturnType<typeof maskOf>) => ({
  x: mask.x,
  y: mask.y,
  w: mask.width,
  h: mask.height,
  n: mask.count,
});

test("takes what hangs together and looks alike, not what lies beyond", () => {
  const two = picture("aazaa", "azzza", "aazaa");
  expect(drawn(spreadFrom(two, { x: 0.5, y: 0.5 }, 3))).toEqual({ x: 0, y: 0, w: 2, h: 3, n: 5 });
  expect(drawn(spreadFrom(two, { x: 2.5, y: 1.5 }, 3))).toEqual({ x: 1, y: 0, w: 3, h: 3, n: 5 });
});

test("takes more the more may differ, and all when all may", () => {
  const ramp = picture("abcdefgh");
  expect([0, 1, 3, 255].map((threshold) => spreadFrom(ramp, { x: 0, y: 0 }, threshold).count)).toEqual([
    1, 2, 4, 8,
  ]);
});

test("outside the picture there is nothing; a rounded border loses its spikes", () => {
  const ring = picture("zzzzzzz", "zaaaaaz", "zaaaaaz", "zaaaaaz", "zaaaaaz", "zzzazzz", "zzzzzzz");
  expect(spreadFrom(ring, { x: -1, y: 3 }, 9).count).toBe(0);
  expect(spreadFrom(ring, { x: 3, y: 2 }, 3).height).toBe(5);
  expect(spreadFrom(ring, { x: 3, y: 2 }, 3, 1).height).toBe(4);
});

test("united masks are what is in either", () => {
  const size = { width: 6, height: 5 };
  const alpha = fc.array(fc.constantFrom(0, 255), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(alpha, alpha, (a, b) => {
      const both = a.map((value, i) => Math.max(value, b[i] ?? 0));
      expect(united(maskOf(a, size), maskOf(b, size))).toEqual(maskOf(both, size));
    }),
  );
});
