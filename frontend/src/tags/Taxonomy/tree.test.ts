import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findItem, flattenItems, listItems } from "../../config/items";
import { askFor } from "./remote";
import { ItemTree, keyOf } from "./tree";

const small = listItems([
  { value: "Animal", alias: "A", children: [{ value: "Bird", children: ["Owl", "Crow"] }, "Cat"] },
  { value: "Plant", isLeaf: false },
]);
const titles = (tree: ItemTree, rows: Int32Array) => [...rows].map((row) => tree.items[row]?.value);

describe("a tree of choices", () => {
  it("shows the top, and what lies below those that are open", () => {
    const tree = new ItemTree(small);

    expect(titles(tree, tree.rows(new Set()))).toEqual(["Animal", "Plant"]);
    expect(titles(tree, tree.rows(new Set([keyOf(["A"])])))).toEqual(["Animal", "Bird", "Cat", "Plant"]);
    expect(titles(tree, tree.rows(new Set([keyOf(["A", "Bird"])])))).toEqual(["Animal", "Plant"]);
  });

  it("knows of each row its path, level, place and whether it opens", () => {
    const tree = new ItemTree(small);

    expect(tree.pathOf(2)).toEqual(["A", "Bird", "Owl"]);
    expect(tree.titlesOf(2)).toEqual(["Animal", "Bird", "Owl"]);
    expect([tree.level(2), tree.parentOf(2), tree.placeOf(3)]).toEqual([3, 1, { place: 2, of: 2 }]);
    expect([tree.canOpen(1), tree.canOpen(2), tree.canOpen(5)]).toEqual([true, false, true]);
    expect([tree.lacks(0), tree.lacks(5)]).toEqual([false, true]);
  });

  it("takes in what was asked for since", () => {
    const tree = new ItemTree(small, (item) =>
      item.value === "Plant" ? listItems(["Moss"]) : item.children,
    );

    expect(tree.lacks(5)).toBe(false);
    expect(titles(tree, tree.rows(new Set([keyOf(["Plant"])])))).toEqual(["Animal", "Plant", "Moss"]);
  });

  it("is searched in any case, with what lies around", () => {
    const tree = new ItemTree(small);

    expect(titles(tree, tree.matching("OWL"))).toEqual(["Animal", "Bird", "Owl"]);
    expect(titles(tree, tree.matching("nothing"))).toEqual([]);
  });

  it("finds what a walk through every item finds", () => {
    const word = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", "b", "C") });
    const leaf = word.map((value) => ({ value }));
    const branch = fc.array(fc.record({ value: word, children: fc.array(leaf, { maxLength: 4 }) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(branch, word, (list, query) => {
        const items = listItems(list);
        const tree = new ItemTree(items);
        const has = (item: (typeof items)[number]): boolean =>
          item.value.toLowerCase().includes(query.toLowerCase()) || item.children.some(has);
        const walked = items
          .filter(has)
          .flatMap((item) => [item.value, ...item.children.filter(has).map(({ value }) => value)]);
        expect(titles(tree, tree.matching(query))).toEqual(walked);
      }),
    );
  });
});

describe("a hundred thousand items", () => {
  const list = Array.from({ length: 1_000 }, (_, i) => ({
    value: `Group ${i}`,
    children: Array.from({ length: 99 }, (__, k) => ({ value: `Item ${i}.${k}`, alias: `${i}-${k}` })),
  }));

  it("are read, laid flat and named once", () => {
    const items = listItems(list);

    expect(listItems(list)).toBe(items);
    expect(flattenItems(items)).toBe(flattenItems(items));
    expect(flattenItems(items).length).toBe(100_000);
    expect(findItem(flattenItems(items), "999-98")?.value).toBe("Item 999.98");
    expect(findItem(flattenItems(items), "Item 3.4")?.stored).toBe("3-4");
  });

  it("show a thousand rows closed, and those that match", () => {
    const tree = new ItemTree(listItems(list));

    expect(tree.rows(new Set()).length).toBe(1_000);
    expect(tree.rows(new Set([keyOf(["Group 7"])])).length).toBe(1_099);
    expect(tree.matching("item 500.").length).toBe(100);
  });
});

describe("a branch of a remote tree", () => {
  it.each([
    ["https://t.example/tree?v=1", ["A", "B c"], "https://t.example/tree?v=1&path=A&path=B+c"],
    ["https://t.example/tree", [], "https://t.example/tree"],
  ])("of %s below %j is asked for at %s", (address, path, url) =>
    expect(askFor(address, path).url).toBe(url),
  );

  it("is asked for with the name and password that stand in the address", () => {
    const who = ["ada", encodeURIComponent("sécret")].join(":");
    expect(askFor(`https://${who}@t.example/tree`, [])).toEqual({
      url: "https://t.example/tree",
      headers: { Authorization: `Basic ${Buffer.from("ada:sécret").toString("base64")}` },
    });
  });
});
