/**
 * One task being labeled: its annotation, drafts, journal, time, and the ways to send it. No view library.
 *
 * Everything done is journalled on this device at once, drafts follow, and `submit` sends the annotation.
 * `unique_id` makes sending twice harmless, so a lost answer is simply tried again.
 */

import { ApiError } from "../../api/errors";
import { Annotation } from "../../store/annotation";
import { Journal, type JournalStorage } from "../../store/journal";
import type { Conflict } from "../../store/merge";
import type { ResultItem } from "../../store/result";
import { DraftQueue, type DraftState, LeadTime, type Timers } from "../../store/session";
import type { AnnotationInput, LabelBackend, LabelTask, StoredAnnotation } from "./backend";

/** What of a task is open: a stored annotation, or a new one (perhaps begun from a prediction). */
export type Subject =
  | { readonly kind: "annotation"; readonly stored: StoredAnnotation }
  | { readonly kind: "new" };

export interface SessionOptions {
  readonly backend: LabelBackend;
  readonly journal: JournalStorage;
  readonly onState?: (state: DraftState) => void;
  readonly timers?: Timers;
  readonly now?: () => number;
  readonly newUniqueId?: () => string;
}

export type SubmitOutcome =
  | { readonly kind: "done"; readonly next: LabelTask | null | undefined }
  | { readonly kind: "offline" }
  | { readonly kind: "conflict"; readonly theirs: StoredAnnotation; readonly conflicts: readonly Conflict[] };

/** The subject to open first: the given annotation, else one's own latest, else a new one. */
export function chooseSubject(task: LabelTask, annotation: number | null, stream: boolean): Subject {
  const wanted = task.annotations.find((stored) => stored.id === annotation);
  if (wanted) return { kind: "annotation", stored: wanted };
  const own = stream ? undefined : task.annotations.filter((stored) => stored.mine).at(-1);
  return own ? { kind: "annotation", stored: own } : { kind: "new" };
}

export class LabelSession {
  readonly lead: LeadTime;
  readonly drafts: DraftQueue;
  readonly uniqueId: string;
  #draft: number | null;
  #leaving = false;
  #sending: Promise<void> | null = null;
  /** The submit under way or done: true once the server has the annotation. */
  #submitting: Promise<boolean> | null = null;
  #prediction: number | undefined;
  #base: readonly ResultItem[];
  #version: string | null;
  readonly #unsubscribe: () => void;

  private constructor(
    readonly task: LabelTask,
    readonly subject: Subject,
    readonly annotation: Annotation,
    private readonly journal: Journal,
    private readonly options: SessionOptions,
    draft: { readonly id: number; readonly leadTime: number } | null,
  ) {
    const stored = subject.kind === "annotation" ? subject.stored : null;
    this.lead = new LeadTime(
      options.now ?? (() => performance.now()),
      // A draft goes on counting where its annotation was; one of another client may not say so.
      Math.max(draft?.leadTime ?? 0, stored?.leadTime ?? 0),
    );
    this.uniqueId = (options.newUniqueId ?? (() => crypto.randomUUID()))();
    this.#draft = draft?.id ?? null;
    this.#base = stored?.result ?? [];
    this.#version = stored?.version ?? null;
    this.drafts = new DraftQueue({
      send: () => this.#sendDraft(),
      ...(options.onState ? { onState: options.onState } : {}),
      ...(options.timers ? { timers: options.timers } : {}),
    });
    this.#unsubscribe = annotation.history.subscribe((commit) => {
      this.journal.write(commit);
      this.drafts.changed();
    });
  }

  /** Opens a task: stored results, then the draft over them, then what this device still holds. */
  static async open(task: LabelTask, subject: Subject, options: SessionOptions): Promise<LabelSession> {
    const id = subject.kind === "annotation" ? subject.stored.id : null;
    const draft = task.drafts.filter((one) => one.annotation === id).at(-1) ?? null;
    const base = draft?.result ?? (subject.kind === "annotation" ? subject.stored.result : []);
    const { journal, pending } = await Journal.open(
      options.journal,
      { task: task.id, annotation: id ?? "new" },
      draft?.updatedAt ?? "",
    );
    const annotation = new Annotation(base);
    const session = new LabelSession(task, subject, annotation, journal, options, draft);
    const restored = pending.length ? (await import("./restore")).replayOver(base, pending) : base;
    if (restored !== base) session.take(restored, "restored");
    return session;
  }

  get isNew(): boolean {
    return this.subject.kind === "new";
  }

  /** True when there is neither draft nor result yet: chosen-by-default items may be set. */
  get isFresh(): boolean {
    return this.isNew && this.#draft === null && this.annotation.document.epoch === 0;
  }

  /** Starts from a prediction: its items come in as they are, marked as predicted. */
  accept(prediction: { readonly id: number; readonly result: readonly ResultItem[] }): void {
    this.#prediction = prediction.id;
    this.take(
      prediction.result.map((item) => (item.type === "relation" ? item : { ...item, origin: "prediction" })),
      "accept prediction",
    );
  }

  /** Takes over merged items after a conflict; from now on the server's version is the base. */
  resolve(results: readonly ResultItem[], theirs: StoredAnnotation): void {
    this.take(results, "merge");
    this.#base = theirs.result;
    this.#version = theirs.version;
  }

  /** Sends the annotation (or a skip). Results are those of `prepare`, so that rules of the screen apply. */
  async submit(
    prepare: (results: readonly ResultItem[]) => readonly ResultItem[],
    how: { readonly skip?: boolean; readonly next: boolean },
  ): Promise<SubmitOutcome> {
    // A draft on its way is waited for, so that submitting names it; none may follow the annotation.
    await this.#sending?.catch(() => undefined);
    const seq = this.journal.last;
    const result = prepare(this.annotation.document.results());
    const sent = this.#send({ ...this.#input(result), skipped: how.skip ?? false }, how.next);
    this.#submitting = sent.then(
      () => true,
      () => false,
    );
    try {
      const next = await sent;
      this.close();
      await this.journal.saved(seq);
      return { kind: "done", next };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === "network") return { kind: "offline" };
      if (error.status === 412) return this.#merge();
      throw error;
    }
  }

  /** Saves the draft while the page goes away. */
  leave(): void {
    this.#leaving = true;
    this.drafts.flush().catch(() => undefined);
    this.#leaving = false;
  }

  close(): void {
    this.#unsubscribe();
    this.drafts.stop();
  }

  /** Makes the document hold these items, as one step that can be undone. */
  take(items: readonly ResultItem[], mark: string): void {
    const { document } = this.annotation;
    this.annotation.edit(mark, (edit) => {
      const slots = document.orderedSlots();
      items.forEach((item, index) => {
        const slot = slots[index];
        if (slot === undefined) edit.add(item);
        else edit.replace(slot, item);
      });
      for (const slot of slots.slice(items.length)) edit.remove(slot);
    });
  }

  #input(result: readonly ResultItem[]): AnnotationInput {
    const leadTime = Math.round(this.lead.seconds() * 1000) / 1000;
    return {
      result,
      leadTime,
      uniqueId: this.uniqueId,
      draft: this.#draft ?? undefined,
      prediction: this.#prediction,
    };
  }

  async #send(input: AnnotationInput, withNext: boolean): Promise<LabelTask | null | undefined> {
    const { backend } = this.options;
    if (this.subject.kind === "new") return (await backend.create(this.task.id, input, withNext)).next;
    await backend.update(this.subject.stored.id, input, this.#version);
    return undefined;
  }

  async #merge(): Promise<SubmitOutcome> {
    if (this.subject.kind === "new") throw new Error("never stored");
    const theirs = await this.options.backend.annotation(this.subject.stored.id);
    const { mergeResults } = await import("../../store/merge");
    const mine = this.annotation.document.results();
    const merged = mergeResults(this.#base, mine, theirs.result);
    this.resolve(merged.results, theirs);
    return { kind: "conflict", theirs, conflicts: merged.conflicts };
  }

  #sendDraft(): Promise<void> {
    this.#sending = this.#saveDraft();
    return this.#sending;
  }

  async #saveDraft(): Promise<void> {
    if (await this.#submitting) return;
    const seq = this.journal.last;
    this.#draft = await this.options.backend.saveDraft(this.task.id, {
      result: this.annotation.document.results(),
      leadTime: this.lead.seconds(),
      draft: this.#draft,
      annotation: this.subject.kind === "annotation" ? this.subject.stored.id : null,
      leaving: this.#leaving,
    });
    await this.journal.saved(seq);
  }
}
