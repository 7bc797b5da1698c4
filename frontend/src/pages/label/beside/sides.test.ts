import { expect, it } from "vitest";
import { mergeResults } from "../../../store/merge";
import type { ResultItem } from "../../../store/result";
import { chosenResults } from "./sides";

const answer = (name: string, choice: string): ResultItem => ({
  id: name,
  from_name: name,
  to_name: "t",
  type: "choices",
  value: { choices: [choice] },
});

const base = [answer("a", "0"), answer("b", "0"), answer("c", "0"), answer("d", "0")];
// a: both changed it; b: I removed it, they changed it; c: the other way; d: only they changed it.
const mine = [answer("a", "1"), answer("c", "1"), answer("d", "0")];
const theirs = [answer("a", "2"), answer("b", "2"), answer("d", "2")];
const told = (results: readonly ResultItem[]) =>
  Object.fromEntries(results.map((item) => [item.id, (item.value as { choices: string[] }).choices[0]]));

it.each([
  ["mine everywhere", [], { a: "1", c: "1", d: "2" }],
  ["theirs everywhere", [0, 1, 2], { a: "2", b: "2", d: "2" }],
  ["one of theirs", [1], { a: "1", b: "2", c: "1", d: "2" }],
])("takes %s, and keeps what was merged", (_, chosen, expected) => {
  const { results, conflicts } = mergeResults(base, mine, theirs);
  expect(conflicts.map(({ region }) => region).sort()).toEqual(["a", "b", "c"]);
  const order = ["a", "b", "c"].map((id) => conflicts.findIndex(({ region }) => region === id));
  const indices = new Set(chosen.map((at) => order[at] ?? -1));

  expect(told(chosenResults(results, conflicts, indices))).toEqual(expected);
});
