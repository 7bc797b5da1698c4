import { describe, expect, it } from "vitest";
import type { ConfigStep } from "../../api/types";
import { guessed, keyOf, lossesOf, mergedLosses, orderOf } from "./carryOver";

const step = (kind: string, control: string, before: string, after: string, touched = 0): ConfigStep => ({
  kind,
  control,
  before,
  after,
  touched,
});
const labels = { tone: ["Happy", "Sad"] };

describe("losses", () => {
  it("are what results use and the new config lacks, with what it may be called now", () => {
    const steps = [
      step("control_removed", "mood", "mood", "", 4),
      step("control_removed", "unused", "unused", "", 0),
      step("control_added", "feeling", "", "feeling"),
      step("label_removed", "tone", "Glad", "", 2),
    ];
    expect(lossesOf({ steps: steps, labels })).toEqual([
      { key: keyOf("mood", null), control: "mood", label: null, touched: 4, candidates: ["feeling"] },
      {
        key: keyOf("tone", "Glad"),
        control: "tone",
        label: "Glad",
        touched: 2,
        candidates: ["Happy", "Sad"],
      },
    ]);
  });

  it("are guessed as renamed only where one name went and one came", () => {
    const one = [step("label_removed", "tone", "Glad", "", 2), step("label_added", "tone", "", "Happy")];
    expect([...guessed(lossesOf({ steps: one, labels }), one)]).toEqual([[keyOf("tone", "Glad"), "Happy"]]);
    const under = [
      step("control_renamed", "tone", "tone", "voice", 2),
      step("label_removed", "tone", "Glad", "", 2),
      step("label_added", "voice", "", "Happy"),
    ];
    const losses = lossesOf({ steps: under, labels });
    expect([...guessed(losses, under)]).toEqual([[keyOf("tone", "Glad"), "Happy"]]);
    const two = [...one, step("label_added", "tone", "", "Merry")];
    expect(guessed(lossesOf({ steps: two, labels }), two).size).toBe(0);
  });

  it("of controls stay in sight when a new name is given, and those of their labels join them", () => {
    const first = lossesOf({ steps: [step("control_removed", "tone", "tone", "", 4)], labels: {} });
    const now = lossesOf({ steps: [step("label_removed", "tone", "Glad", "", 2)], labels });
    expect(mergedLosses(first, now).map(({ label }) => label)).toEqual([null, "Glad"]);
  });

  it("make an order with the names that were given", () => {
    const steps = [
      step("control_removed", "mood", "mood", "", 4),
      step("label_removed", "tone", "Glad", "", 2),
      step("label_removed", "tone", "Cross", "", 1),
    ];
    const losses = lossesOf({ steps: steps, labels });
    const renamed = new Map([
      [keyOf("mood", null), "feeling"],
      [keyOf("tone", "Glad"), "Happy"],
    ]);
    expect(orderOf("<View/>", losses, renamed, "drop")).toEqual({
      label_config: "<View/>",
      controls: { mood: "feeling" },
      objects: {},
      labels: { tone: { Glad: "Happy" } },
      removed: "drop",
    });
  });
});
