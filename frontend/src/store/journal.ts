/**
 * The journal on this device: every commit of an open annotation, so that a killed tab loses nothing.
 *
 * An entry is written per commit and dropped once a draft that contains it has reached the server. Reading it
 * back gives the commits to replay over the results they were made on. Storage is a port with two makers:
 * IndexedDB for browsers, memory for tests and for browsers that refuse storage.
 */
import { createStore, promisifyRequest } from "idb-keyval";
import type { Commit } from "./history";

/** Which annotation a journal belongs to; a new one that the server does not know yet has the id "new". */
export interface JournalKey {
  readonly task: number;
  readonly annotation: number | "new";
}

export interface JournalEntry extends Commit {
  readonly seq: number;
  /** The server's version of what the operations were made on. */
  readonly baseVersion: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface JournalStorage {
  append(key: JournalKey, entry: JournalEntry): Promise<void>;
  load(key: JournalKey): Promise<JournalEntry[]>;
  /** Drops entries up to and including `seq`. */
  drop(key: JournalKey, seq: number): Promise<void>;
}

/** Keeps entries in IndexedDB under [task, annotation, seq]; one small write per commit, one range per read. */
export function indexedDbJournal(database = "skylabel-journal"): JournalStorage {
  const store = createStore(database, "entries");
  const range = (key: JournalKey, to: number) =>
    IDBKeyRange.bound([key.task, key.annotation, 0], [key.task, key.annotation, to]);
  return {
    append: async (key, entry) => {
      await store("readwrite", (s) => promisifyRequest(s.put(entry, [key.task, key.annotation, entry.seq])));
    },
    load: (key) =>
      store("readonly", (s) =>
        promisifyRequest<JournalEntry[]>(s.getAll(range(key, Number.MAX_SAFE_INTEGER))),
      ),
    drop: async (key, seq) => {
      await store("readwrite", (s) => promisifyRequest(s.delete(range(key, seq))));
    },
  };
}

/** Keeps entries in memory, copied as a database would copy them. */
export function memoryJournal(): JournalStorage {
  const entries = new Map<string, JournalEntry[]>();
  const name = (key: JournalKey) => `${key.task}/${key.annotation}`;
  return {
    append: async (key, entry) => {
      entries.set(name(key), [...(entries.get(name(key)) ?? []), structuredClone(entry)]);
    },
    load: async (key) => (entries.get(name(key)) ?? []).slice(),
    drop: async (key, seq) => {
      entries.set(
        name(key),
        (entries.get(name(key)) ?? []).filter((entry) => entry.seq > seq),
      );
    },
  };
}

/** Writes the commits of one annotation, in order, and forgets what the server has. */
export class Journal {
  private seq = 0;
  private writes: Promise<void> = Promise.resolve();

  private constructor(
    private readonly storage: JournalStorage,
    private readonly key: JournalKey,
    private readonly baseVersion: string,
    private readonly now: () => number,
  ) {}

  /** Opens a journal; `pending` is what an earlier tab left behind and the server may not know. */
  static async open(
    storage: JournalStorage,
    key: JournalKey,
    baseVersion: string,
    now: () => number = Date.now,
  ): Promise<{ journal: Journal; pending: JournalEntry[] }> {
    const journal = new Journal(storage, key, baseVersion, now);
    const pending = await storage.load(key);
    journal.seq = pending.reduce((last, entry) => Math.max(last, entry.seq), 0);
    return { journal, pending };
  }

  /** The number of the last commit written; pass it to `saved` once a draft made now has arrived. */
  get last(): number {
    return this.seq;
  }

  write(commit: Commit): void {
    this.seq += 1;
    const entry: JournalEntry = { ...commit, seq: this.seq, baseVersion: this.baseVersion, at: this.now() };
    this.writes = this.writes.then(() => this.storage.append(this.key, entry)).catch(reportOnce);
  }

  /** Drops what the server has; resolves when it is gone from this device. */
  async saved(seq: number): Promise<void> {
    await this.writes;
    await this.storage.drop(this.key, seq);
  }

  /** Resolves when everything written so far is on the device. */
  settled(): Promise<void> {
    return this.writes;
  }
}

let reported = false;

/** A browser that refuses storage must not stop the work: drafts still go to the server. */
function reportOnce(error: unknown): void {
  if (!reported) console.warn("This browser keeps no journal of unsaved changes", error);
  reported = true;
}
