import { expect, it } from "vitest";
import { presets } from "../../../test/harness/workflows";
import { awaited } from "./awaited";

const machine = (name: string) => {
  const found = presets.find((preset) => preset.name === name)?.workflow;
  if (!found) throw new Error(`no preset ${name}`);
  return found;
};

it.each([
  ["review", "reviewer", 7],
  ["review", "owner", 7],
  ["review", "annotator", null],
  ["plain", "owner", null],
])("counts what waits in %s for a %s", (preset, role, count) => {
  const tasks = { labeled: 4, in_review: 3, returned: 9, accepted: 5 };

  expect(awaited({ workflow: machine(preset), tasks }, role)).toBe(count);
});
