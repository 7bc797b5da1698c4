import { describe, expect, test } from "vitest";
import { rowsInSight, scrollFor } from "./fixedRows";

const list = { count: 1000, rowHeight: 28, more: 2 };

describe("rows of equal height", () => {
  test.each([
    [0, 280, [0, 12]],
    [280, 280, [8, 22]],
    [27_990, 280, [997, 1000]],
    [0, 0, [0, 2]],
  ])("scrolled to %i in a window of %i: %j", (top, height, wanted) => {
    expect(rowsInSight({ top, height }, list)).toEqual(wanted);
  });

  test("never more than there are, also when the list became shorter", () => {
    expect(rowsInSight({ top: 5000, height: 280 }, { ...list, count: 3 })).toEqual([3, 3]);
    expect(rowsInSight({ top: 0, height: 280 }, { ...list, count: 0 })).toEqual([0, 0]);
  });

  test("a row is brought into sight by the shortest way, or not at all", () => {
    const sight = { top: 280, height: 280 };
    expect(scrollFor(5, 28, sight)).toBe(140);
    expect(scrollFor(25, 28, sight)).toBe(448);
    expect(scrollFor(12, 28, sight)).toBeUndefined();
  });
});
