import { describe, expect, it } from "vitest";
import { configTypes, fileName, shownValue, standsElsewhere, stateOf } from "./facts";

describe("a task's state", () => {
  it("is told by a workflow where annotations cannot tell it", () => {
    const states = ["unlabeled", "in_progress", "skipped", "labeled", "in_review", "on_hold"];

    expect(states.filter((state) => standsElsewhere({ state }))).toEqual(["in_review", "on_hold"]);
  });

  it.each([
    [true, 2, 0, "done"],
    [true, 0, 1, "done"],
    [false, 1, 0, "started"],
    [false, 1, 1, "started"],
    [false, 0, 1, "skipped"],
    [false, 0, 0, "todo"],
  ] as const)(
    "labeled %s with %i annotations and %i skips is %s",
    (is_labeled, total_annotations, cancelled_annotations, state) => {
      expect(stateOf({ is_labeled, total_annotations, cancelled_annotations })).toBe(state);
    },
  );
});

describe("a cell", () => {
  it.each([
    [null, ""],
    [undefined, ""],
    ["text", "text"],
    [0, "0"],
    [{ a: [1] }, '{"a":[1]}'],
  ])("shows %j as %j", (value, text) => expect(shownValue(value)).toBe(text));

  it("cuts a long text", () => expect(shownValue("x".repeat(5000))).toHaveLength(301));
});

it("data keys have the types the config gives them", () => {
  const parsed_label_config = {
    label: {
      type: "RectangleLabels",
      to_name: ["i"],
      inputs: [{ type: "Image", valueType: null, value: "photo" }],
      labels: [],
      labels_attrs: {},
    },
    note: {
      type: "TextArea",
      to_name: ["t"],
      inputs: [{ type: "Text", valueType: null, value: "caption" }],
      labels: [],
      labels_attrs: {},
    },
  };

  expect([...configTypes({ parsed_label_config })]).toEqual([
    ["photo", "Image"],
    ["caption", "Text"],
  ]);
});

describe("the name of a file", () => {
  it.each([
    ["/data/upload/1/0a1b2c3d-cat%20one.png", "cat one.png"],
    ["https://example.com/a/b.jpg?size=2#top", "b.jpg"],
    ["https://example.com/100%.jpg", "100%.jpg"],
    ["https://example.com/%E0%A4.jpg", "%E0%A4.jpg"],
    ["", ""],
  ])("in %s is %s", (address, name) => {
    expect(fileName(address)).toBe(name);
  });
});
