import { describe, expect, it } from "vitest";
import type { Work, Workflow } from "../../api/types";
import { mappingOf, unmapped } from "./workflow";

const machine = (...states: [string, Work[], boolean][]): Workflow["workflow"] => ({
  initial: states[0]?.[0] ?? "",
  separates_duties: false,
  states: states.map(([name, work, final]) => ({ name, title: "", work, final, refuses: [] })),
  transitions: [],
});

const now: Pick<Workflow, "workflow" | "tasks"> = {
  workflow: machine(
    ["new", ["none"], false],
    ["done", ["enough"], true],
    ["held", ["none", "enough"], false],
  ),
  tasks: { new: 3, done: 2, held: 1, gone: 4 },
};

describe("another workflow", () => {
  const next = machine(
    ["new", ["none"], false],
    ["labeled", ["enough"], false],
    ["accepted", ["enough"], true],
  );

  it("loses states in which there are tasks, each with where these fit", () => {
    expect(unmapped(now, next)).toEqual([
      { name: "done", count: 2, targets: ["accepted", "labeled"] },
      { name: "held", count: 1, targets: ["accepted", "new", "labeled"] },
      { name: "gone", count: 4, targets: ["accepted", "new", "labeled"] },
    ]);
  });

  it("takes the tasks where one chose, else to the first place that fits", () => {
    const lost = unmapped(now, next);

    expect(mappingOf(lost, { done: "labeled" })).toEqual({
      done: "labeled",
      held: "accepted",
      gone: "accepted",
    });
  });
});
