import { describe, expect, it } from "vitest";
import { parsePlace, positionOf } from "./codePlace";

describe("a fault's place", () => {
  it.each([
    ["3:14", { line: 3, column: 14 }],
    ["7", { line: 7, column: null }],
    ["label_config", { line: null, column: null }],
    ["", { line: null, column: null }],
  ])("%j is read", (place, wanted) => expect(parsePlace(place)).toEqual(wanted));

  it.each([
    [1, 1, 0],
    [2, 1, 3],
    [2, 2, 4],
    [2, 99, 5],
    [99, 1, 6],
  ])("line %i column %i is found in the text", (line, column, at) => {
    expect(positionOf("ab\ncd\ne", line, column)).toBe(at);
  });
});
