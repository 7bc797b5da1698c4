import { expect, test } from "vitest";
import { fillColumns, moveEntry, writeColumns } from "./columns";

const plan = [
  { key: "_", title: "", isDefault: false },
  { key: "good", title: "Good", isDefault: false },
];

test("entries start unsorted, and stored ones stand where they were", () => {
  expect(fillColumns(plan, null, ["a", "b"]).map((column) => column.ids)).toEqual([["a", "b"], []]);
  const stored = { good: ["b", "gone"], old: ["x"] };
  const columns = fillColumns(plan, stored, ["a", "b", "c"]);
  expect(columns.map((column) => column.ids)).toEqual([["a", "c"], ["b"]]);
  expect(writeColumns(columns, stored)).toEqual({ good: ["b"], old: ["x"], _: ["a", "c"] });
});

test("an entry moves within and between columns, never lost or doubled", () => {
  const columns = fillColumns(plan, null, ["a", "b", "c"]);
  expect(moveEntry(columns, "c", "_", 0)[0]?.ids).toEqual(["c", "a", "b"]);
  const moved = moveEntry(columns, "a", "good", 9);
  expect(moved.map((column) => column.ids)).toEqual([["b", "c"], ["a"]]);
});
