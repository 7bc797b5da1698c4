import { describe, expect, it } from "vitest";
import type { ResultItem } from "../../../store/result";
import { agreementOf, overlap } from "./overlap";

const item = (value: NonNullable<ResultItem["value"]>, more: Partial<ResultItem> = {}): ResultItem => ({
  id: "r",
  from_name: "l",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 200,
  original_height: 100,
  value: { rectanglelabels: ["Car"], ...value },
  ...more,
});
const box = (x: number, y: number, width = 10, height = 10, rotation = 0) =>
  item({ x, y, width, height, rotation });

describe("overlap", () => {
  it.each([
    ["the same box", box(0, 0), box(0, 0), 1],
    ["half", box(0, 0), box(5, 0), 1 / 3],
    ["apart", box(0, 0), box(20, 0), 0],
    ["one within the other", box(0, 0, 20, 20), box(5, 5), 0.25],
  ])("of boxes: %s", (_, a, b, share) => {
    expect(overlap(a, b)).toBeCloseTo(share, 6);
  });

  it("of turned boxes, ellipses and polygons, nearly", () => {
    // A quarter turn about its corner lays 10 × 20 percent of 200 × 100 pixels onto 20 × 20 pixels to the left.
    expect(overlap(box(50, 50, 10, 20, 90), box(40, 50, 10, 20))).toBeGreaterThan(0.95);
    const ellipse = item({ x: 50, y: 50, radiusX: 10, radiusY: 10, rotation: 0 });
    expect(overlap(ellipse, box(40, 40, 20, 20))).toBeCloseTo(Math.PI / 4, 1);
    const triangle = item({
      points: [
        [0, 0],
        [10, 0],
        [0, 10],
      ],
    });
    expect(overlap(triangle, box(0, 0))).toBeCloseTo(0.5, 1);
  });

  it("of spans, of pages and of what has no extent", () => {
    const span = (start: number, end: number) => item({ start, end, text: "" });
    expect(overlap(span(0, 10), span(5, 15))).toBeCloseTo(1 / 3);
    expect(overlap(span(0, 5), span(5, 9))).toBe(0);
    expect(overlap(box(0, 0), { ...box(0, 0), item_index: 1 })).toBe(0);
    expect(overlap(box(0, 0), item({ rle: [1, 2] }))).toBeUndefined();
  });
});

describe("the agreement of a region", () => {
  const region = (id: string, one: ResultItem) => ({ id, items: [one] });
  const tree = (x: number) => item({ x, y: 0, width: 10, height: 10, rectanglelabels: ["Tree"] });

  it("is that of its best match with the same label, on average over the others", () => {
    const mine = region("a", box(0, 0));
    const one = [region("b", box(5, 0)), region("c", tree(0))];
    const other = [region("d", box(0, 0))];

    expect(agreementOf(mine, [one])).toBeCloseTo(1 / 3);
    expect(agreementOf(mine, [one, other])).toBeCloseTo(2 / 3);
    expect(agreementOf(mine, [[]])).toBe(0);
    expect(agreementOf(region("m", item({ rle: [1] })), [other])).toBeUndefined();
  });
});
