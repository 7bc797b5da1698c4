import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, everything, has, nothing, type Selection, withTasks } from "./selection";

describe("a selection", () => {
  it("starts with nothing or with everything", () => {
    expect(count(nothing, 500)).toBe(0);
    expect(count(everything, 500)).toBe(500);
    expect(has(everything, 7)).toBe(true);
  });

  it("of everything but some counts and knows the exceptions", () => {
    const most = withTasks(everything, [3, 4], false);

    expect(count(most, 500)).toBe(498);
    expect(has(most, 3)).toBe(false);
    expect(has(withTasks(most, [3], true), 3)).toBe(true);
  });

  it("holds after any ticking and unticking just what a plain set would", () => {
    const ids = Array.from({ length: 12 }, (_, i) => i + 1);
    const step = fc.tuple(fc.array(fc.constantFrom(...ids)), fc.boolean());
    fc.assert(
      fc.property(fc.boolean(), fc.array(step), (all, steps) => {
        let selection: Selection = all ? everything : nothing;
        const plain = new Set(all ? ids : []);
        for (const [some, ticked] of steps) {
          selection = withTasks(selection, some, ticked);
          for (const id of some) ticked ? plain.add(id) : plain.delete(id);
        }
        expect(ids.filter((id) => has(selection, id))).toEqual(ids.filter((id) => plain.has(id)));
        expect(count(selection, ids.length)).toBe(plain.size);
      }),
    );
  });
});
