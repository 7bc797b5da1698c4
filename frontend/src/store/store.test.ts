import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Annotation } from "./annotation";
import { AnnotationDocument, type Change } from "./document";
import type { Commit } from "./history";
import { inverseAll, squash } from "./ops";
import { type ResultItem, sameJson, withChanges, withValue } from "./result";

const ids = ["a", "b", "c", "d", "e"];
const box = (id: string, x = 1): ResultItem => ({
  id,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  value: { x, y: 2, width: 3, height: 4, rotation: 0, rectanglelabels: ["Car"] },
});

const anyItem: fc.Arbitrary<ResultItem> = fc.oneof(
  fc.record({
    id: fc.constantFrom(...ids),
    type: fc.constantFrom("rectanglelabels", "choices", "unheard_of"),
    value: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, never>>,
    foreign: fc.jsonValue() as fc.Arbitrary<never>,
  }),
  fc.record({
    type: fc.constant("relation"),
    from_id: fc.constantFrom(...ids),
    to_id: fc.constantFrom(...ids),
  }),
  fc.record({ type: fc.constant("choices"), value: fc.constant({ choices: ["x"] }) }),
);

type Step = readonly [
  "add" | "change" | "remove" | "removeRegion" | "order" | "relate",
  number,
  number,
  ResultItem,
];
const anyStep: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("add", "change", "remove", "removeRegion", "order", "relate"),
  fc.nat(40),
  fc.nat(40),
  anyItem,
);
const anyGesture = fc.record({
  steps: fc.array(anyStep, { minLength: 1, maxLength: 5 }),
  end: fc.constantFrom("commit", "commit", "bail", "merge"),
});

function run(annotation: Annotation, steps: readonly Step[], end: string): void {
  try {
    annotation.edit(
      "gesture",
      (edit) => {
        for (const [kind, n, m, item] of steps) {
          const slots = annotation.document.orderedSlots();
          const slot = slots[n % Math.max(1, slots.length)];
          if (kind === "add") edit.add(item);
          if (slot === undefined) continue;
          if (kind === "change")
            edit.replace(slot, withChanges(annotation.document.item(slot) ?? {}, { seen: m }));
          if (kind === "remove") edit.remove(slot);
          if (kind === "removeRegion") edit.removeRegions([annotation.document.keyOf(slot)]);
          if (kind === "order") edit.moveAfter(slot, slots[m % slots.length] ?? null);
          if (kind === "relate") edit.relate(ids[n % 5] as string, ids[m % 5] as string);
        }
        if (end === "bail") throw new Error("bail");
      },
      end === "merge" ? { merge: "same" } : {},
    );
  } catch (error) {
    if ((error as Error).message !== "bail") throw error;
  }
}

function same(a: readonly ResultItem[], b: readonly ResultItem[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Everything derived has to be what a fresh load of the same items derives. */
function expectIndexMatchesFreshLoad(annotation: Annotation): void {
  const fresh = new AnnotationDocument(annotation.document.results().slice());
  const named = (doc: AnnotationDocument) =>
    doc.regionKeys().map((key) => [key.startsWith("\u0000") ? "" : key, new Set(doc.items(key))]);
  expect(named(annotation.document)).toEqual(named(fresh));
  expect(annotation.document.relations().length).toBe(fresh.relations().length);
}

describe("annotation document", () => {
  test("gives back the very array and objects it was loaded with", () => {
    fc.assert(
      fc.property(fc.array(anyItem), (items) => {
        const loaded = items.slice();
        const annotation = new Annotation(items);
        expect(annotation.document.results()).toBe(items);
        expect(same(annotation.document.results(), loaded)).toBe(true);
      }),
    );
  });

  test("any run of gestures undone is the start, redone is the end, and replayed from the journal is the end", () => {
    fc.assert(
      fc.property(
        fc.array(anyItem, { maxLength: 8 }),
        fc.array(anyGesture, { maxLength: 10 }),
        (items, gestures) => {
          const annotation = new Annotation(items);
          const journal: Commit[] = [];
          annotation.history.subscribe((commit) => journal.push(commit));
          for (const gesture of gestures) run(annotation, gesture.steps, gesture.end);
          const end = annotation.document.results();
          expectIndexMatchesFreshLoad(annotation);
          while (annotation.undo() !== undefined);
          expect(annotation.document.results()).toBe(items);
          while (annotation.redo() !== undefined);
          expect(same(annotation.document.results(), end)).toBe(true);
          const other = new Annotation(items.slice());
          other.replay(journal);
          expect(same(other.document.results(), end)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);

  test("a slot that came and went in one gesture is no neighbour to a later one", () => {
    const annotation = new Annotation([box("a"), box("b")]);
    const journal: Commit[] = [];
    annotation.history.subscribe((commit) => journal.push(commit));
    annotation.edit("gesture", (edit) => {
      edit.remove(edit.add(box("gone")));
      edit.add(box("c"));
    });
    annotation.edit("order", (edit) => edit.moveAfter(annotation.document.nextSlot() - 1, 0));
    annotation.undo();
    const other = new Annotation([box("a"), box("b")]);
    other.replay(journal);
    expect(other.document.results().map((item) => item.id)).toEqual(["a", "b", "c"]);
  });

  test("an edit of one item leaves all others the same objects and keeps key order and unknown keys", () => {
    const odd = { zeta: 1, ...box("a"), unknown: { deep: [1, 2.5] } } as ResultItem;
    const annotation = new Annotation([box("b"), odd, box("c")]);
    annotation.edit("move", (edit) => edit.changeValue(1, { x: 9 }));
    const [first, moved, third] = annotation.document.results() as [ResultItem, ResultItem, ResultItem];
    expect(first).toBe(annotation.document.loaded[0]);
    expect(third).toBe(annotation.document.loaded[2]);
    expect(JSON.stringify(moved)).toBe(JSON.stringify(odd).replace('"x":1', '"x":9'));
    expect(moved.unknown).toBe(odd.unknown);
  });

  test("a change to the same value changes nothing and makes no undo step", () => {
    const annotation = new Annotation([box("a")]);
    expect(annotation.edit("move", (edit) => edit.changeValue(0, { x: 1 }))).toBe(false);
    expect(annotation.history.canUndo).toBe(false);
  });

  test("removing a region takes its relations with it and undo brings all back in place", () => {
    const relation: ResultItem = { type: "relation", from_id: "a", to_id: "b", direction: "right" };
    const child = { ...box("c"), parentID: "a" };
    const items = [box("a"), relation, box("b"), child, { ...box("a"), from_name: "text" }];
    const annotation = new Annotation(items);
    annotation.selection.set(["a"]);
    annotation.removeRegions(["a"]);
    expect(annotation.document.results().map((item) => item.id)).toEqual(["b", "c"]);
    expect(annotation.document.results()[1]).not.toHaveProperty("parentID");
    expect(annotation.selection.ids.size).toBe(0);
    annotation.undo();
    expect(annotation.document.results()).toBe(items);
    expect([...annotation.selection.ids]).toEqual(["a"]);
  });

  test("an untouched prediction that is edited says so", () => {
    expect(withValue({ ...box("a"), origin: "prediction" }, { x: 5 }).origin).toBe("prediction-changed");
    expect(withValue({ ...box("a"), origin: "manual" }, { x: 5 }).origin).toBe("manual");
  });

  test("notifies once per frame with everything that changed, and only watched regions", () => {
    const frames: (() => void)[] = [];
    const annotation = new Annotation([box("a"), box("b"), box("c")], { schedule: (go) => frames.push(go) });
    const changes: Change[] = [];
    const heard: string[] = [];
    annotation.document.flush();
    annotation.document.subscribe((change) => changes.push(change));
    annotation.document.subscribeRegion("b", () => heard.push("b"));
    annotation.document.subscribeRegion("c", () => heard.push("c"));
    for (let x = 10; x < 20; x += 1) annotation.edit("move", (edit) => edit.changeValue(0, { x }));
    annotation.edit("move", (edit) => edit.changeValue(1, { x: 3 }));
    expect(frames.length).toBe(1);
    frames[0]?.();
    expect(changes.map((change) => [...change.ids])).toEqual([["a", "b"]]);
    expect(changes[0]?.structure).toBe(false);
    expect(heard).toEqual(["b"]);
  });

  test("a bailed gesture leaves no trace, also in the selection", () => {
    const annotation = new Annotation([box("a")]);
    annotation.selection.set(["a"]);
    annotation.history.begin("drag");
    annotation.history.apply({ kind: "remove", slot: 0, item: annotation.document.item(0) ?? {} });
    annotation.selection.clear();
    annotation.history.bail();
    expect(annotation.document.results()).toBe(annotation.document.loaded);
    expect(annotation.selection.primary).toBe("a");
  });

  test("gestures with one merge key are undone at once until sealed", () => {
    const annotation = new Annotation([box("a")]);
    const nudge = (x: number) =>
      annotation.edit("nudge", (edit) => edit.changeValue(0, { x }), { merge: "nudge" });
    nudge(2);
    nudge(3);
    annotation.history.seal();
    nudge(4);
    expect(annotation.history.depth).toBe(2);
    annotation.undo();
    expect(annotation.document.item(0)?.value?.x).toBe(3);
    annotation.undo();
    expect(annotation.document.results()).toBe(annotation.document.loaded);
  });

  test("history is capped by memory and keeps the newest", () => {
    const annotation = new Annotation([box("a")], { historyBytes: 20_000 });
    for (let x = 2; x < 500; x += 1) annotation.edit("move", (edit) => edit.changeValue(0, { x }));
    expect(annotation.history.bytes).toBeLessThanOrEqual(20_000);
    expect(annotation.history.depth).toBeGreaterThan(10);
    annotation.undo();
    expect(annotation.document.item(0)?.value?.x).toBe(498);
  });

  test("undo goes back to the page the change was made on", () => {
    const annotation = new Annotation([box("a")], { place: { item: 2 } });
    annotation.edit("move", (edit) => edit.changeValue(0, { x: 5 }));
    annotation.setPlace({ item: 7 });
    annotation.undo();
    expect(annotation.place.item).toBe(2);
  });

  test("squashing keeps what the run does", () => {
    const [from, mid, to] = [box("a", 1), box("a", 2), box("a", 3)];
    const ops = squash([
      { kind: "replace", slot: 0, from, to: mid },
      { kind: "replace", slot: 0, from: mid, to },
      { kind: "add", slot: 1, item: from },
      { kind: "remove", slot: 1, item: from },
    ]);
    expect(ops).toEqual([{ kind: "replace", slot: 0, from, to }]);
    expect(inverseAll(ops)).toEqual([{ kind: "replace", slot: 0, from: to, to: from }]);
  });

  test("values compare by content, not by key order", () => {
    expect(sameJson({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
    expect(sameJson([1, 2], { 0: 1, 1: 2 })).toBe(false);
    expect(sameJson({ a: undefined }, {})).toBe(false);
  });
});
