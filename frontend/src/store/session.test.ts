import { describe, expect, test } from "vitest";
import { Annotation } from "./annotation";
import { Journal, memoryJournal } from "./journal";
import { mergeResults } from "./merge";
import type { ResultItem } from "./result";
import { DraftQueue, type DraftState, LeadTime, type Timers, watchActivity } from "./session";

function fakeTimers(): Timers & { advance(ms: number): Promise<void> } {
  let now = 0;
  let pending: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    set: (run, ms) => {
      const timer = { at: now + ms, run };
      pending.push(timer);
      return timer;
    },
    clear: (timer) => {
      pending = pending.filter((other) => other !== timer);
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = pending.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = Math.max(now, next.at);
        pending = pending.filter((timer) => timer !== next);
        next.run();
        for (let i = 0; i < 10; i += 1) await Promise.resolve();
      }
      now = end;
    },
  };
}

describe("lead time", () => {
  test("counts work, at most a minute of a pause, and nothing while hidden", () => {
    let now = 0;
    const lead = new LeadTime(() => now, 5);
    now += 10_000;
    lead.activity();
    now += 600_000;
    expect(lead.seconds()).toBe(75);
    lead.activity();
    lead.setVisible(false);
    now += 30_000;
    expect(lead.seconds()).toBe(75);
    lead.setVisible(true);
    now += 1_000;
    expect(lead.seconds()).toBe(76);
  });

  test("is fed by a window, and waits while its tab is behind from the start", () => {
    let now = 0;
    const lead = new LeadTime(() => now);
    const page = document as { visibilityState: DocumentVisibilityState };
    const before = Object.getOwnPropertyDescriptor(document, "visibilityState");
    const turn = (state: DocumentVisibilityState) => {
      Object.defineProperty(page, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    };
    turn("hidden");
    const stop = watchActivity(window, lead);
    now += 40_000;
    expect(lead.seconds()).toBe(0);
    turn("visible");
    now += 20_000;
    window.dispatchEvent(new Event("pointermove"));
    now += 3_600_000;
    window.dispatchEvent(new Event("keydown"));
    expect(lead.seconds()).toBe(80);
    stop();
    if (before) Object.defineProperty(document, "visibilityState", before);
    else Reflect.deleteProperty(document, "visibilityState");
  });
});

describe("draft queue", () => {
  test("sends after a second of rest, and after five of unbroken work", async () => {
    const timers = fakeTimers();
    const sent: number[] = [];
    const queue = new DraftQueue({ timers, send: async () => void sent.push(timers.now()) });
    queue.changed();
    await timers.advance(3_000);
    expect(sent).toEqual([1_000]);
    for (let i = 0; i < 20; i += 1) {
      queue.changed();
      await timers.advance(500);
    }
    expect(sent[1]).toBe(8_000);
  });

  test("keeps changes made while sending, retries when offline, and tells the state", async () => {
    const timers = fakeTimers();
    const states: DraftState[] = [];
    let online = false;
    let sent = 0;
    const queue = new DraftQueue({
      timers,
      onState: (state) => states.push(state),
      send: async () => {
        sent += 1;
        if (!online) throw new Error("offline");
      },
    });
    queue.changed();
    await timers.advance(1_000);
    expect(states.at(-1)).toEqual({ kind: "offline", changes: 1 });
    await expect(queue.flush()).rejects.toThrow("offline");
    online = true;
    await timers.advance(20_000);
    expect(states.at(-1)).toEqual({ kind: "saved" });
    expect(sent).toBe(3);
    await queue.flush();
    expect(sent).toBe(3);
  });
});

describe("journal", () => {
  const items: ResultItem[] = [{ id: "a", type: "choices", value: { choices: ["x"] } }];

  test("what a killed tab had done is replayed, and undo reaches back through it", async () => {
    const storage = memoryJournal();
    const key = { task: 1, annotation: "new" } as const;
    const { journal } = await Journal.open(storage, key, "v1", () => 0);
    const first = new Annotation(items.slice());
    first.history.subscribe((commit) => journal.write(commit));
    first.edit("choose", (edit) => edit.changeValue(0, { choices: ["y"] }));
    first.edit("add", (edit) => edit.add({ id: "b" }));
    first.undo();
    await journal.settled();

    const later = await Journal.open(storage, key, "v1", () => 0);
    const second = new Annotation(items.slice());
    second.replay(later.pending);
    expect(second.document.results()).toEqual(first.document.results());
    second.undo();
    second.undo();
    second.undo();
    expect(second.document.results()).toEqual(items);
    await later.journal.saved(later.journal.last);
    expect(await storage.load(key)).toEqual([]);
  });
});

describe("merge", () => {
  const item = (id: string, x: number, control = "box"): ResultItem => ({
    id,
    from_name: control,
    value: { x },
  });

  test("takes each side's changes and lists only what both changed", () => {
    const base = [item("a", 1), item("b", 1), item("c", 1), item("d", 1)];
    const mine = [item("a", 2), item("b", 1), item("c", 5), item("mine", 1)];
    const theirs = [item("a", 1), item("b", 3), item("c", 6), item("d", 1), item("theirs", 1)];
    const { results, conflicts } = mergeResults(base, mine, theirs);
    expect(results).toEqual([item("a", 2), item("b", 3), item("c", 5), item("theirs", 1), item("mine", 1)]);
    expect(conflicts).toEqual([
      { region: "c", base: item("c", 1), mine: item("c", 5), theirs: item("c", 6) },
    ]);
  });

  test("changes to different items of one region do not conflict", () => {
    const base = [item("a", 1), item("a", 1, "text")];
    const merged = mergeResults(
      base,
      [item("a", 2), item("a", 1, "text")],
      [item("a", 1), item("a", 9, "text")],
    );
    expect(merged).toEqual({ results: [item("a", 2), item("a", 9, "text")], conflicts: [] });
  });

  test("removed by one and changed by the other is a conflict that keeps the work", () => {
    const { results, conflicts } = mergeResults([item("a", 1)], [], [item("a", 2)]);
    expect(results).toEqual([item("a", 2)]);
    expect(conflicts.length).toBe(1);
  });

  test("a relation to a region that is gone goes too", () => {
    const relation: ResultItem = { type: "relation", from_id: "a", to_id: "b" };
    const base = [item("a", 1), item("b", 1)];
    expect(mergeResults(base, [...base, relation], [item("a", 1)]).results).toEqual([item("a", 1)]);
  });
});
