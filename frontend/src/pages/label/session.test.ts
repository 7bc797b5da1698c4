import { describe, expect, test } from "vitest";
import { ApiError } from "../../api/errors";
import { memoryJournal } from "../../store/journal";
import type { ResultItem } from "../../store/result";
import type { AnnotationInput, DraftInput, LabelBackend, LabelTask, StoredAnnotation } from "./backend";
import { tinyKey } from "./keys";
import { replayOver } from "./restore";
import { chooseSubject, LabelSession } from "./session";

const item = (id: string, choice: string): ResultItem => ({
  id,
  from_name: "c",
  to_name: "t",
  type: "choices",
  value: { choices: [choice] },
});
const task: LabelTask = {
  id: 7,
  data: {},
  annotations: [],
  predictions: [],
  drafts: [],
  allowSkip: true,
  state: "",
  comments: 0,
};
const stored = (result: readonly ResultItem[], version: string): StoredAnnotation => ({
  id: 3,
  result,
  version,
  author: "Ada",
  mine: true,
  skipped: false,
  groundTruth: false,
  leadTime: 10,
  updatedAt: "",
});

class FakeBackend implements Partial<LabelBackend> {
  created: AnnotationInput[] = [];
  drafts: DraftInput[] = [];
  offline = false;
  current: StoredAnnotation | null = null;
  async create(_: number, input: AnnotationInput) {
    if (this.offline) throw new ApiError("no", { kind: "network" });
    this.created.push(input);
    return { next: null };
  }
  async update(_: number, input: AnnotationInput, version: string | null) {
    const { current } = this;
    if (!current || version !== current.version) throw new ApiError("stale", { kind: "http", status: 412 });
    this.current = stored(input.result, `${Number(version) + 1}`);
    return this.current;
  }
  async annotation() {
    if (!this.current) throw new Error("none");
    return this.current;
  }
  async saveDraft(_: number, input: DraftInput) {
    if (this.offline) throw new ApiError("no", { kind: "network" });
    this.drafts.push(input);
    return 55;
  }
}

const all = (results: readonly ResultItem[]) => results;
const open = (
  backend: FakeBackend,
  journal = memoryJournal(),
  of = task,
  subject = chooseSubject(of, null, true),
) =>
  LabelSession.open(of, subject, {
    backend: backend as unknown as LabelBackend,
    journal,
    newUniqueId: () => "u1",
  });

describe("a session", () => {
  test("work the server never saw comes back after the tab was killed", async () => {
    const journal = memoryJournal();
    const backend = new FakeBackend();
    backend.offline = true;
    const first = await open(backend, journal);
    first.annotation.edit("add", (edit) => edit.add(item("a", "Yes")));
    first.annotation.edit("add", (edit) => edit.add(item("b", "No")));
    first.annotation.edit("remove", (edit) => edit.removeRegions(["a"]));
    first.close();
    await new Promise((resolve) => setTimeout(resolve));

    const again = await open(backend, journal);

    expect(again.annotation.document.results()).toEqual([item("b", "No")]);
    again.annotation.undo();
    expect(again.annotation.document.results()).toEqual([]);
  });

  test("a submit that meets no network is kept, and sent again with the same id", async () => {
    const backend = new FakeBackend();
    const session = await open(backend);
    session.annotation.edit("add", (edit) => edit.add(item("a", "Yes")));
    backend.offline = true;
    expect(await session.submit(all, { next: true })).toEqual({ kind: "offline" });
    backend.offline = false;
    expect(await session.submit(all, { next: true })).toEqual({ kind: "done", next: null });
    expect(backend.created).toMatchObject([{ uniqueId: "u1", result: [item("a", "Yes")], skipped: false }]);
  });

  test("a draft is sent with its id from then on, and submitting names it", async () => {
    const backend = new FakeBackend();
    const session = await open(backend);
    session.annotation.edit("add", (edit) => edit.add(item("a", "Yes")));
    await session.drafts.flush();
    session.annotation.edit("add", (edit) => edit.add(item("b", "No")));
    await session.drafts.flush();
    await session.submit(all, { next: false });
    expect(backend.drafts.map((draft) => [draft.draft, draft.result.length])).toEqual([
      [null, 1],
      [55, 2],
    ]);
    expect(backend.created[0]?.draft).toBe(55);
  });

  test("no draft follows what was submitted; one follows what could not be", async () => {
    const backend = new FakeBackend();
    const session = await open(backend);
    session.annotation.edit("add", (edit) => edit.add(item("a", "Yes")));
    backend.offline = true;
    await session.submit(all, { next: false });
    backend.offline = false;
    await session.drafts.flush();
    expect(backend.drafts.length).toBe(1);
    session.annotation.edit("add", (edit) => edit.add(item("b", "No")));
    await session.submit(all, { next: false });
    await session.drafts.flush();
    expect(backend.drafts.length).toBe(1);
  });

  test("a draft on its way is waited for, and named by the submit", async () => {
    const backend = new FakeBackend();
    const session = await open(backend);
    session.annotation.edit("add", (edit) => edit.add(item("a", "Yes")));
    const saving = session.drafts.flush();
    await Promise.resolve();
    await session.submit(all, { next: false });
    await saving;
    expect(backend.created[0]?.draft).toBe(55);
  });

  test("a stale update merges what does not touch, and names what does", async () => {
    const backend = new FakeBackend();
    const base = [item("a", "Yes"), item("b", "Yes")];
    const old = stored(base, "1");
    backend.current = stored([item("a", "Maybe"), item("b", "Yes")], "2");
    const session = await open(backend, memoryJournal(), task, { kind: "annotation", stored: old });
    session.annotation.edit("change", (edit) => edit.changeValue(1, { choices: ["No"] }));

    const apart = await session.submit(all, { next: false });
    expect(apart).toMatchObject({ kind: "conflict", conflicts: [] });
    expect(await session.submit(all, { next: false })).toMatchObject({ kind: "done" });
    expect(backend.current?.result).toEqual([item("a", "Maybe"), item("b", "No")]);

    const other = await open(backend, memoryJournal(), task, { kind: "annotation", stored: old });
    other.annotation.edit("change", (edit) => edit.changeValue(0, { choices: ["No"] }));
    const touching = await other.submit(all, { next: false });
    expect(touching).toMatchObject({ kind: "conflict", conflicts: [{ region: "a" }] });
  });

  test("time goes on from the draft, or from the annotation when the draft does not say", async () => {
    const old = stored([item("a", "Yes")], "1");
    const draft = { id: 4, result: old.result, annotation: old.id, updatedAt: "" };
    const subject = { kind: "annotation", stored: old } as const;
    for (const [leadTime, least] of [
      [25, 25],
      [0, 10],
    ] as const) {
      const of = { ...task, drafts: [{ ...draft, leadTime }] };
      const session = await open(new FakeBackend(), memoryJournal(), of, subject);
      expect(Math.floor(session.lead.seconds())).toBe(least);
    }
  });

  test("accepting a prediction is one step, marks its items, and says where they came from", async () => {
    const backend = new FakeBackend();
    const session = await open(backend);
    session.accept({ id: 12, result: [item("p", "Yes"), { type: "relation", from_id: "p", to_id: "p" }] });
    expect(session.annotation.document.results()[0]?.origin).toBe("prediction");
    await session.submit(all, { next: false });
    expect(backend.created[0]?.prediction).toBe(12);
  });

  test("the stream begins anew; an opened task shows one's own annotation", () => {
    const mine = stored([], "1");
    const done = { ...task, annotations: [{ ...mine, id: 1, mine: false }, mine] };
    expect(chooseSubject(done, null, true)).toEqual({ kind: "new" });
    expect(chooseSubject(done, null, false)).toEqual({ kind: "annotation", stored: mine });
    expect(chooseSubject(done, 1, false)).toMatchObject({ stored: { id: 1 } });
  });
});

describe("replaying", () => {
  const commit = (...ops: Parameters<typeof replayOver>[1][number]["ops"]) => [
    { mark: "m", origin: "edit" as const, ops },
  ];
  test("what is there already is not added twice, and nothing changed gives the very base", () => {
    const base = [item("a", "Yes")];
    expect(replayOver(base, commit({ kind: "add", slot: 4, item: item("a", "Yes") }))).toBe(base);
  });
  test("a change is found by content, whatever its slot", () => {
    const base = [item("z", "x"), item("a", "Yes")];
    const op = { kind: "replace", slot: 9, from: item("a", "Yes"), to: item("a", "No") } as const;
    expect(replayOver(base, commit(op))).toEqual([item("z", "x"), item("a", "No")]);
  });
});

test.each([
  ["ctrl+enter", "Control+Enter"],
  ["1", "1"],
  ["shift+1", "shift+Digit1".replace("shift", "Shift")],
  ["q", "q"],
  ["alt+shift+a", "Alt+Shift+KeyA"],
])("the key %s is %s", (written, taken) => expect(tinyKey(written)).toBe(taken));
