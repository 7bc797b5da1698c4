import { describe, expect, it } from "vitest";
import { type Box, curveBetween } from "./spanCurve";

const word = (left: number, line: number, width = 40): Box => ({ left, top: line * 34, width, height: 18 });

describe("an arrow between spans", () => {
  it("runs below the words of one line, towards each other, there and back alike", () => {
    const curve = curveBetween([word(0, 0)], [word(200, 0)]);
    expect(curve.from.y).toBe(20);
    expect(curve.to.y).toBe(20);
    expect(curve.from.x).toBeGreaterThan(20);
    expect(curve.to.x).toBeLessThan(220);
    expect(curve.c1.y).toBeGreaterThan(20);
    const back = curveBetween([word(200, 0)], [word(0, 0)]);
    expect([back.from, back.to]).toEqual([curve.to, curve.from]);
  });

  it("stays between two lines", () => {
    const { from, c1 } = curveBetween([word(0, 0)], [word(900, 0)]);
    expect((c1.y - from.y) * 0.75).toBeLessThanOrEqual(16);
  });

  it("runs from the lower edge of the upper span to the upper edge of the lower one", () => {
    const down = curveBetween([word(0, 0)], [word(100, 2)]);
    expect(down.from.y).toBe(20);
    expect(down.to.y).toBe(66);
    expect(down.c1.x).toBe(down.from.x);
    expect(down.c2.x).toBe(down.to.x);
    const up = curveBetween([word(100, 2)], [word(0, 0)]);
    expect([up.from.y, up.to.y]).toEqual([66, 20]);
  });

  it("arrives beside the label of the span, where that is wide enough", () => {
    expect(curveBetween([word(0, 0)], [word(0, 1, 300)]).to.x).toBeGreaterThanOrEqual(52);
    expect(curveBetween([word(0, 0)], [word(0, 1, 30)]).to.x).toBeLessThan(30);
  });

  it("joins the lines that are nearest, of spans of several", () => {
    const long = [word(500, 0), word(0, 1, 600), word(0, 2, 50)];
    const curve = curveBetween(long, [word(20, 4)]);
    expect(curve.from.y).toBe(2 * 34 + 20);
  });

  it("needs no rule for lines from right to left: boxes are where they are", () => {
    const curve = curveBetween([word(600, 0)], [word(100, 0)]);
    expect(curve.from.x).toBeGreaterThan(curve.to.x);
    expect(curve.c1.x).toBeLessThan(curve.from.x);
  });

  it("has two ends also where both spans are one place", () => {
    const curve = curveBetween([word(0, 0)], [word(0, 0)]);
    expect(curve.to.x - curve.from.x).toBe(12);
  });
});
