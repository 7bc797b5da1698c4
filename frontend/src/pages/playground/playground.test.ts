import { describe, expect, it } from "vitest";
import { parseConfig } from "../../config/xml";
import { registry } from "../../tags/_contract/registry";
import { carriedResults } from "./carried";
import { memoryBackend } from "./memoryBackend";
import { predictionsOf, readOwnTask } from "./ownTask";

const project = { config: "<View/>", showSkip: true, allowEmpty: true };
const task = { id: 7, data: { text: "a" }, predictions: [] };
const input = { leadTime: 1, uniqueId: "u" };
const label = (id: string, more: object = {}) => ({
  id,
  from_name: "label",
  to_name: "text",
  type: "labels",
  value: { start: 0, end: 1, labels: ["A"] },
  ...more,
});

describe("a backend of memory", () => {
  it("gives what was begun as a draft, and what was submitted as one's own annotation", async () => {
    const backend = memoryBackend(project, task, [label("a")]);
    expect(await backend.task(7)).toMatchObject({
      id: 7,
      annotations: [],
      drafts: [{ result: [label("a")] }],
    });

    await backend.create(7, { ...input, result: [label("b")] }, true);
    expect(await backend.task(7)).toMatchObject({
      annotations: [{ mine: true, skipped: false, result: [label("b")] }],
      drafts: [],
    });

    await backend.update(1, { ...input, result: [], skipped: true }, null);
    expect((await backend.nextTask())?.annotations).toMatchObject([{ skipped: true, result: [] }]);
  });

  it("keeps drafts apart from what goes on being edited", async () => {
    const backend = memoryBackend(project, task, []);
    const result = [label("a")];
    await backend.saveDraft(7, { result, leadTime: 0, draft: null, annotation: null, leaving: false });
    result.push(label("b"));
    expect((await backend.task(7)).drafts).toMatchObject([{ annotation: null, result: [label("a")] }]);
  });
});

describe("what is carried into the next config", () => {
  const tree = (control: string) =>
    parseConfig(
      `<View><Text name="text" value="$t"/><Text name="other" value="$u"/>${control}</View>`,
      registry,
    );
  const relation = { type: "relation", from_id: "a", to_id: "b" };
  const results = [label("a"), label("b"), relation];

  it.each([
    ['<Labels name="label" toName="text"><Label value="Z"/></Labels>', ["a", "b", undefined]],
    ['<Labels name="label" toName="other"><Label value="A"/></Labels>', []],
    ['<Labels name="renamed" toName="text"><Label value="A"/></Labels>', []],
    ['<Choices name="label" toName="text"><Choice value="A"/></Choices>', []],
  ])("fits %s", (control, kept) => {
    expect(carriedResults(results, tree(control)).map(({ id }) => id)).toEqual(kept);
  });

  it("drops relations of what is gone", () => {
    const left = [label("a"), label("b", { from_name: "gone" }), relation];
    const read = tree('<Labels name="label" toName="text"><Label value="A"/></Labels>');
    expect(carriedResults(left, read)).toEqual([label("a")]);
  });
});

describe("own data", () => {
  it.each([
    ['{"text": "a"}', { text: "a" }],
    ['{"data": {"text": "a"}}', { text: "a" }],
    ['[{"data": {"text": "a"}}, {"data": {}}]', { text: "a" }],
    ['{"data": "a field called data"}', { data: "a field called data" }],
  ])("of %s is found", (text, data) => {
    expect(readOwnTask(text)).toMatchObject({ task: { data } });
  });

  it("that is no JSON is told where, and what is no task", () => {
    expect(readOwnTask('{\n "a": x}')).toMatchObject({ fault: { line: 2, message: expect.any(String) } });
    for (const text of ["3", "[]", "null", '"a"'])
      expect(readOwnTask(text)).toEqual({ fault: { line: 1, column: 1, message: null } });
  });

  it("brings its predictions, whatever they hold", () => {
    expect(predictionsOf([{ result: [label("a"), 3], score: "high" }, { result: 3 }, null])).toEqual([
      { id: 1, result: [label("a")], modelVersion: "", score: null },
    ]);
    expect(predictionsOf("none")).toEqual([]);
  });
});
