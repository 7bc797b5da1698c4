import { describe, expect, it } from "vitest";
import { heightLeft } from "./fitHeight";

describe("the height of an image", () => {
  it.each([
    ["what the rest leaves", 860, 150, 710],
    ["half of the place where much else is there", 860, 700, 430],
    ["never less than can be worked in", 400, 390, 320],
  ])("is %s", (_, window, others, expected) => {
    expect(heightLeft(window, others)).toBe(expected);
  });
});
