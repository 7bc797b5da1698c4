import { expect, test } from "vitest";
import { csvOf, tableOf } from "./rows";

test("objects are sorted by name, lists of objects are columns, other lists are numbered", () => {
  expect(tableOf({ b: 1, a: { c: 2 } }).rows).toEqual([
    ["a", '{"c":2}'],
    ["b", "1"],
  ]);
  expect(tableOf([{ x: 1 }, { y: 2 }])).toEqual({
    head: ["x", "y"],
    rows: [
      ["1", ""],
      ["", "2"],
    ],
  });
  expect(tableOf('["p"]').rows).toEqual([["0", "p"]]);
  expect(tableOf("not json").rows).toEqual([["not json"]]);
});

test("CSV keeps what is quoted", () => {
  expect(csvOf('a;b\r\n"x;1";"say ""hi""\nthere"\n', ";", false)).toEqual({
    head: ["a", "b"],
    rows: [["x;1", 'say "hi"\nthere']],
  });
  expect(csvOf("1,2", ",", true)).toEqual({ head: ["1", "2"], rows: [["1", "2"]] });
});
