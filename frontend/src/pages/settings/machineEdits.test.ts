import { describe, expect, it } from "vitest";
import { presets } from "../../../test/harness/workflows";
import {
  faultsAt,
  freeName,
  otherFaults,
  toggled,
  withoutState,
  withState,
  withTransition,
} from "./machineEdits";

const review = presets.find(({ name }) => name === "review")?.workflow;
if (!review) throw new Error("no preset");
const at = (name: string) => review.states.findIndex((state) => state.name === name);

describe("a workflow that is edited", () => {
  it("takes a new name of a state over wherever the old one stood", () => {
    const renamed = withState(review, at("labeled"), { name: "done" });

    expect(JSON.stringify(renamed.transitions)).not.toContain('"labeled"');
    expect(renamed.transitions.length).toBe(review.transitions.length);
    expect(withState(review, at(review.initial), { name: "todo" }).initial).toBe("todo");
    expect(withState(review, 99, { name: "x" })).toBe(review);
  });

  it("loses the ways to a state that is removed, and those that came from it alone", () => {
    const smaller = withoutState(review, at("accepted"));

    expect(smaller.states.some(({ name }) => name === "accepted")).toBe(false);
    expect(JSON.stringify(smaller.transitions)).not.toContain('"accepted"');
    expect(smaller.transitions.length).toBeGreaterThan(0);
  });

  it("changes ways, toggles lists and finds names", () => {
    expect(withTransition(review, 0, { title: "Go" }).transitions[0]?.title).toBe("Go");
    expect(toggled(["a"], "b", true)).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a", false)).toEqual(["b"]);
    expect(freeName(["state_2"], "state")).toBe("state_3");
  });

  it("shows faults at their places", () => {
    const faults = [
      { place: "workflow.transitions[1].to", message: "a" },
      { place: "workflow.transitions[12]", message: "b" },
      { place: "workflow.states", message: "c" },
      { place: "workflow.initial", message: "d" },
    ];

    expect(faultsAt(faults, "transitions[1]").map(({ message }) => message)).toEqual(["a"]);
    expect(otherFaults(faults).map(({ message }) => message)).toEqual(["c", "d"]);
  });
});
