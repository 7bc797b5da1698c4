import { describe, expect, it } from "vitest";
import { codePieces, faultRange } from "./codeMarks";

const fault = (line: number | null, column: number | null) => ({ line, column, message: "" });
const text = "<View>\n  <Fog name='x'/>\n\n</View";

describe("the mark of a fault", () => {
  it.each([
    [2, 3, "<Fog"],
    [2, 8, "name"],
    [4, 1, "</View"],
    [4, 99, "w"],
    [3, 1, ">"],
    [2, null, ">"],
  ])("at %s:%s is %j", (line, column, marked) => {
    const range = faultRange(text, fault(line, column));
    expect(range && text.slice(...range)).toBe(marked);
  });

  it("is nowhere when the place is unknown, or there is no text", () => {
    expect(faultRange(text, fault(null, null))).toBeNull();
    expect(faultRange("", fault(1, 1))).toBeNull();
  });
});

describe("the pieces of a text", () => {
  it("are the text, whatever is marked in it", () => {
    const pieces = codePieces(text, [fault(2, 3), fault(2, 3), fault(2, 4), fault(4, 1), fault(null, null)]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    const marked = pieces.filter((piece) => piece.isFaulty).map((piece) => piece.text);
    expect(marked.join("")).toEqual("<Fog</View");
    expect(codePieces("", [])).toEqual([{ text: "", isFaulty: false, kind: undefined }]);
  });

  it("are told apart by what they are in XML", () => {
    const xml = '<!-- a="b" --><View a=\'1 > 2\'>it = "so"</View> <x b=';
    const pieces = codePieces(xml, [fault(1, 15)], true);
    expect(pieces.map((piece) => piece.text).join("")).toBe(xml);
    const kinds = pieces.filter(({ kind }) => kind).map(({ kind, text: part }) => `${kind} ${part}`);
    expect(kinds.slice(0, 6)).toEqual([
      'comment <!-- a="b" -->',
      "tag <View",
      "name a",
      "value '1 > 2'",
      "tag >",
      "name it",
    ]);
    expect(pieces.find(({ isFaulty }) => isFaulty)).toMatchObject({ text: "<View", kind: "tag" });
  });

  it("leave a long text in one colour", () => {
    expect(codePieces(`<a>${" ".repeat(40_000)}</a>`, [], true)).toHaveLength(1);
  });
});
