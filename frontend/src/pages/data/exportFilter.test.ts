import { expect, test } from "vitest";
import type { Project } from "../../api/types";
import { countFilters, exportBody, labelsOf, noFilter } from "./exportFilter";

test("nothing asked is nothing said", () => {
  expect(exportBody("JSON", "all", "all", noFilter)).toEqual({ export_type: "JSON" });
  expect(countFilters(noFilter)).toBe(0);
});

test("labeled tasks may be those with a skip, where skips are wanted", () => {
  expect(exportBody("CSV", "labeled", "all", noFilter).task_filter_options).toEqual({ annotated: "only" });
  expect(exportBody("CSV", "labeled", "all", { ...noFilter, skipped: true })).toEqual({
    export_type: "CSV",
    task_filter_options: { only_with_annotations: true },
    annotation_filter_options: { usual: true, ground_truth: true, skipped: true, which: "all" },
  });
});

test("every filter is told in the server's terms", () => {
  const filter = {
    labels: ["Car"],
    annotators: [1, 3],
    from: "2026-02-01",
    to: "2026-02-28",
    agreement: "75",
    skipped: false,
    groundTruthOnly: true,
  };
  const { task_filter_options: tasks, annotation_filter_options: annotations } = exportBody(
    "COCO",
    "labeled",
    "latest",
    filter,
  );

  expect(tasks).toEqual({ annotated: "only", labels: ["Car"], agreement_from: 0.75 });
  expect(annotations).toEqual({
    usual: false,
    ground_truth: true,
    skipped: false,
    which: "latest",
    annotators: [1, 3],
    created_from: new Date(2026, 1, 1).toISOString(),
    created_to: new Date(2026, 2, 1).toISOString(),
  });
  expect(countFilters(filter)).toBe(6);
});

test("a label that two controls have is offered once", () => {
  const control = (labels: string[]) => ({ type: "Labels", to_name: [], inputs: [], labels });
  const project = { parsed_label_config: { a: control(["x", "y"]), b: control(["y", "z"]) } };
  expect(labelsOf(project as unknown as Project)).toEqual(["x", "y", "z"]);
});
