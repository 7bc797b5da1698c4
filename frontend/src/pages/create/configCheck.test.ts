import { describe, expect, it } from "vitest";
import type { Said } from "../../config/faults";
import { fetchWords } from "../playground/words";
import { codeFault, merge, type PlacedFault } from "./configCheck";

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

describe("what the server says", () => {
  const said: Said = ["fault.missingAttribute", { tag: "Choices", name: "toName" }];
  const theirs = { ...found(["missing_attribute", "too_long"], []), text: "<View/>" };
  const ours = (text: string) => ({ text, faults: [{ ...one("missing_attribute"), said }], warnings: [] });
  const messages = (list: readonly PlacedFault[]) => list.map((fault) => codeFault(fault, "").message);

  it("is said in the page's language where the compiler here found the same, and as it came elsewhere", async () => {
    const { faults } = merge(ours("<View/>"), theirs);
    expect(messages(faults)).toEqual(["<Choices> needs toName.", "too_long"]);
    await fetchWords("de");
    expect(messages(faults)).toEqual(["<Choices> braucht toName.", "too_long"]);
    await fetchWords("en");
  });

  it("is not mixed with what was found in an older text", () => {
    expect(messages(merge(ours("<Vie"), theirs).faults)).toEqual(["missing_attribute", "too_long"]);
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
