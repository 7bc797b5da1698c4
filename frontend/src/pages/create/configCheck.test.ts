import { describe, expect, it } from "vitest";
import { codeFault, merge } from "./configCheck";

const one = (code: string, place = "1:1") => ({ place, message: code, code });
const found = (faults: string[], warnings: string[]) => ({
  text: "",
  faults: faults.map((code) => one(code)),
  warnings: warnings.map((code) => one(code)),
});
const codes = (list: readonly { code?: string }[]) => list.map(({ code }) => code);

describe("two compilers", () => {
  it.each([
    ["nobody has looked", null, null, [], []],
    ["only the one here has", found(["a"], ["w"]), null, ["a"], []],
    ["the one here has doubts", found([], ["w"]), null, [], ["w"]],
    ["the server refuses what is good here", found([], ["w"]), found(["b"], []), ["b"], []],
    ["the server takes what is refused here", found(["a"], ["w"]), found([], []), [], ["w"]],
    ["both have doubts", found([], ["w", "x"]), found([], ["x", "y"]), [], ["x", "y", "w"]],
  ])("when %s", (_, here, there, faults, warnings) => {
    const merged = merge(here, there);
    expect(codes(merged.faults)).toEqual(faults);
    expect(codes(merged.warnings)).toEqual(warnings);
  });
});

describe("the place of a fault", () => {
  it.each([
    ["<View/>", "1:3", 1, 3],
    ["\n\n  <View/>", "1:3", 3, 5],
    ["\n\n  <View/>", "2:3", 4, 3],
    ["  <View/>", "1:1", 1, 3],
    ["<View/>", "", null, null],
  ])("in %j at %s counts the blanks before", (text, place, line, column) => {
    expect(codeFault(one("a", place), text)).toMatchObject({ line, column });
  });

  it("is told with what was probably meant", () => {
    expect(codeFault({ ...one("No such name"), suggestion: "text" }, "").message).toBe(
      "No such name. Did you mean “text”?",
    );
  });
});
