import { expect, test } from "vitest";
import type { Job } from "../../api/types";
import { cellText, previewOf } from "./ImportPreview";

const job = (result: Record<string, unknown>, state: Job["state"] = "completed") =>
  ({ state, result }) as Job;

test("only a dry run that has ended has a preview", () => {
  const result = { preview: [{ data: { text: "a" } }], data_columns: ["text"], task_count: 7 };

  expect(previewOf(job(result))).toEqual({
    count: 7,
    rows: [{ data: { text: "a" } }],
    columns: ["text"],
    warnings: [],
  });
  expect(previewOf(job(result, "running"))).toBeNull();
  expect(previewOf(job({ task_count: 7 }))).toBeNull();
  expect(previewOf(undefined)).toBeNull();
});

test("cells show texts as they are, nothing for nothing, and the rest as JSON", () => {
  expect([null, undefined, "a", 0, false, [1, "b"]].map(cellText)).toEqual([
    "",
    "",
    "a",
    "0",
    "false",
    '[1,"b"]',
  ]);
});
