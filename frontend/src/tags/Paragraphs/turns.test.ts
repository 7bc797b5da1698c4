import fc from "fast-check";
import { expect, test } from "vitest";
import { fromUnits, readTurns, toUnits } from "./turns";

test("the documented form: turn indices as texts, offsets inside the turn", () => {
  expect(fromUnits({ start: 25, end: 30 }, [0, 18, 40])).toEqual({
    start: "1",
    end: "1",
    startOffset: 7,
    endOffset: 12,
  });
  expect(fromUnits({ start: 10, end: 18 }, [0, 18])).toEqual({
    start: "0",
    end: "0",
    startOffset: 10,
    endOffset: 18,
  });
});

test("any span comes back from its stored form", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.nat(), fc.nat(), (sizes, a, b) => {
      const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const start = a % total;
      const end = start + 1 + (b % (total - start));
      expect(toUnits(fromUnits({ start, end }, starts), starts, total)).toEqual({ start, end });
    }),
  );
});

test("a span outside the dialogue is nowhere; turns may be texts or objects with other keys", () => {
  expect(toUnits({ start: "7", end: "7", startOffset: 0, endOffset: 2 }, [0, 5], 9)).toBeNull();
  expect(readTurns(["a", { who: "B", say: 3 }], "who", "say")).toEqual([
    { author: "", text: "a" },
    { author: "B", text: "3" },
  ]);
  expect(() => readTurns({}, "a", "b")).toThrow();
});
