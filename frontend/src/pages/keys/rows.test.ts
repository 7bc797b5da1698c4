import { describe, expect, it } from "vitest";
import { clashes, type KeyRow, rowsOf, searched } from "./rows";

const row = (id: string, keys: string | undefined, group = "Labeling"): KeyRow => ({
  id,
  title: `do ${id}`,
  group,
  standard: keys,
  keys,
});

describe("the list of keys", () => {
  const rows = [row("undo", "$mod+z"), row("box", "r", "Picture"), row("skip", undefined)];

  it("has each action once, groups together", () => {
    const twice = [...rows, row("undo", "x")];
    expect(rowsOf(twice).map((one) => [one.id, one.keys])).toEqual([
      ["undo", "$mod+z"],
      ["skip", undefined],
      ["box", "r"],
    ]);
  });

  it("is searched by title, group and keys", () => {
    const found = (query: string) => searched(rows, query, (keys) => keys).map((one) => one.id);
    expect(found("do UN")).toEqual(["undo"]);
    expect(found("picture")).toEqual(["box"]);
    expect(found("$mod+z")).toEqual(["undo"]);
    expect(found("zebra")).toEqual([]);
  });

  it("knows what a key would mean besides", () => {
    const given = [{ title: "Label Car", keys: "r" }];
    const found = clashes(rows, given, row("undo", "$mod+z"), "r");
    expect(found).toEqual({ rows: [rows[1]], others: given });
    expect(clashes(rows, given, row("box", "r"), "r").rows).toEqual([]);
  });
});
