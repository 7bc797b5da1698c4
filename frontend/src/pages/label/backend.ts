/**
 * What the labeling screen needs from outside, as a small port. The real one is `apiBackend.ts`; tests bring
 * a fake. Failures are `ApiError`s: kind "network" when nothing was reached, status 412 for a stale version.
 */
import type { JsonObject } from "../../config/json";
import type { ResultItem } from "../../store/result";

export interface LabelProject {
  readonly id: number;
  readonly title: string;
  readonly config: string;
  /** HTML for annotators, not yet sanitised; "" when there is none. */
  readonly instruction: string;
  readonly showInstruction: boolean;
  readonly showSkip: boolean;
  readonly allowEmpty: boolean;
  /** How many tasks this person has done, and of how many; null when unknown. */
  readonly done: number | null;
  readonly total: number | null;
}

export interface StoredAnnotation {
  readonly id: number;
  readonly result: readonly ResultItem[];
  readonly version: string | null;
  readonly author: string;
  /** Who saved it last; absent or null for its author. */
  readonly editor?: number | null;
  readonly mine: boolean;
  readonly skipped: boolean;
  readonly groundTruth: boolean;
  readonly leadTime: number;
  readonly updatedAt: string;
}

export interface StoredPrediction {
  readonly id: number;
  readonly result: readonly ResultItem[];
  readonly modelVersion: string;
  readonly score: number | null;
}

export interface StoredDraft {
  readonly id: number;
  readonly result: readonly ResultItem[];
  /** The annotation it belongs to, or null for one that was never submitted. */
  readonly annotation: number | null;
  readonly leadTime: number;
  readonly updatedAt: string;
}

export interface LabelTask {
  readonly id: number;
  readonly data: JsonObject;
  readonly annotations: readonly StoredAnnotation[];
  readonly predictions: readonly StoredPrediction[];
  readonly drafts: readonly StoredDraft[];
  readonly allowSkip: boolean;
  /** By the project's workflow; "" when it does not say. */
  readonly state: string;
  /** How many comments there are on it, as far as one sees them. */
  readonly comments: number;
}

/** A task that is not opened yet: as much as is needed to fetch what it will show. */
export type TaskGlimpse = Pick<LabelTask, "id" | "data">;

export interface HistoryEntry {
  readonly task: number;
  readonly annotation: number | null;
}

export interface AnnotationInput {
  readonly result: readonly ResultItem[];
  /** Seconds of active work, all sittings together. */
  readonly leadTime: number;
  readonly draft?: number | undefined;
  readonly skipped?: boolean | undefined;
  readonly prediction?: number | undefined;
  /** Made once per annotation, so that sending twice creates once. */
  readonly uniqueId: string;
}

export interface DraftInput {
  readonly result: readonly ResultItem[];
  readonly leadTime: number;
  readonly draft: number | null;
  readonly annotation: number | null;
  /** Sent while the page goes away: must outlive it. */
  readonly leaving: boolean;
}

export interface LabelBackend {
  project(): Promise<LabelProject>;
  /** The next task of the queue with its lease, or null when nothing is left. */
  nextTask(): Promise<LabelTask | null>;
  task(id: number): Promise<LabelTask>;
  /** What the queue is likely to give after the task that it gave, without a lease; null when it cannot tell. */
  ahead(): Promise<TaskGlimpse | null>;
  annotation(id: number): Promise<StoredAnnotation>;
  /** Newest last. */
  history(): Promise<readonly HistoryEntry[]>;
  /** Stores an annotation; `next` undefined means that it was not asked for or not answered. */
  create(
    task: number,
    input: AnnotationInput,
    withNext: boolean,
  ): Promise<{ readonly next: LabelTask | null | undefined }>;
  /** Replaces an annotation if it still has this version; throws `ApiError` 412 otherwise. */
  update(id: number, input: AnnotationInput, version: string | null): Promise<StoredAnnotation>;
  /** Saves a draft and gives its id. */
  saveDraft(task: number, input: DraftInput): Promise<number>;
  /** Gives the lease back; failures do not matter, it runs out by itself. */
  release(task: number): Promise<void>;
  heartbeat(task: number): Promise<void>;
}

/** States that nobody's verdict has led to. */
export const usualStates: ReadonlySet<string> = new Set([
  "",
  "unlabeled",
  "in_progress",
  "skipped",
  "labeled",
]);
