/** A labeling queue for browser tests: tasks in order, drafts, annotations with versions, history. */
import type { AnnotationInput, ResultItem, Draft as Stored, Task, WithItems } from "../../src/api/types";
import { failure, type Routes } from "./fakeApi";
import { ada, project } from "./fixtures";

type Draft = WithItems<Stored>;

const emptyDraft: Partial<Draft> = { annotation: null, user: ada.email, was_postponed: false };

export interface SentAnnotation {
  readonly task: number;
  readonly input: AnnotationInput;
}

interface StoredAnnotation {
  id: number;
  result: readonly ResultItem[];
  version: number;
  [field: string]: unknown;
}

export class LabelingQueue {
  readonly id: number;
  readonly sent: SentAnnotation[] = [];
  readonly updated: { id: number; input: AnnotationInput; match: string | undefined }[] = [];
  readonly drafts = new Map<number, Draft>();
  readonly history: { taskId: number; annotationId: number | null }[] = [];
  readonly annotations = new Map<number, StoredAnnotation[]>();
  readonly predictions = new Map<number, unknown[]>();
  settings: Record<string, unknown> = {};
  /** Why annotations are refused, where they are. */
  refusal = "";
  private lastId = 900;

  constructor(
    readonly config: string,
    readonly data: readonly Record<string, unknown>[],
    id = 70,
    /** The id of the first task; the next ones follow. */
    readonly firstTask = 7001,
  ) {
    this.id = id;
  }

  private task(index: number): Task | null {
    const data = this.data[index];
    if (!data) return null;
    const id = this.firstTask + index;
    return {
      id,
      data,
      meta: null,
      project: this.id,
      inner_id: index + 1,
      overlap: 1,
      is_labeled: false,
      state: "unlabeled",
      comment_count: 0,
      annotations: this.annotations.get(id) ?? [],
      predictions: this.predictions.get(id) ?? [],
      drafts: [...this.drafts.values()].filter((draft) => draft.task === id),
      updated_at: "2026-11-01T10:00:00Z",
    } as unknown as Task;
  }

  private next(): Task | null {
    const index = this.firstLeft();
    return index < 0 ? null : this.task(index);
  }

  private isSent(index: number): boolean {
    return this.sent.some((one) => one.task === this.firstTask + index);
  }

  private firstLeft(): number {
    return this.data.findIndex((_, at) => !this.isSent(at));
  }

  store(task: number, input: AnnotationInput): StoredAnnotation {
    this.lastId += 1;
    const made: StoredAnnotation = {
      id: this.lastId,
      task,
      project: this.id,
      completed_by: ada,
      was_cancelled: input.was_cancelled ?? false,
      ground_truth: false,
      lead_time: input.lead_time ?? null,
      created_at: "2026-11-01T10:00:00Z",
      updated_at: "2026-11-01T10:00:00Z",
      parent_prediction: null,
      parent_annotation: null,
      result: input.result ?? [],
      version: 1,
    };
    this.annotations.set(task, [...(this.annotations.get(task) ?? []), made]);
    return made;
  }

  routes(): Routes {
    return {
      [`GET /api/projects/${this.id}`]: () => ({
        body: project({
          id: this.id,
          title: "Named entities",
          label_config: this.config,
          queue_done: this.sent.length,
          queue_total: this.data.length,
          ...this.settings,
        }),
      }),
      [`GET /api/projects/${this.id}/next`]: () => {
        const task = this.next();
        return task ? { body: task } : failure(404, "There are no tasks for ada@example.com");
      },
      [`GET /api/projects/${this.id}/next/ahead`]: () => {
        const after = this.data.findIndex((_, at) => !this.isSent(at) && at > this.firstLeft());
        const task = after < 0 ? null : this.task(after);
        return { body: { task: task && { id: task.id, data: task.data } } };
      },
      [`GET /api/projects/${this.id}/label-stream-history`]: () => ({ body: this.history }),
      "GET /api/tasks/:id": ({ params }) => ({ body: this.task(Number(params.id) - this.firstTask) }),
      "POST /api/tasks/:id/annotations": ({ params, body, query }) => {
        const task = Number(params.id);
        const input = body as AnnotationInput;
        const known = this.sent.some((one) => one.input.unique_id === input.unique_id);
        if (known) return failure(409, "Annotation exists", { code: "already_exists" });
        if (this.refusal) return failure(409, this.refusal, { code: "transition_refused" });
        this.sent.push({ task, input });
        const made = this.store(task, input);
        this.history.push({ taskId: task, annotationId: made.id });
        const next = query.get("next") ? { next_task: this.next() } : {};
        return { status: 201, body: { ...made, ...next } };
      },
      "GET /api/annotations/:id": ({ params }) => ({ body: this.find(Number(params.id)) }),
      "PATCH /api/annotations/:id": ({ params, body, headers }) => {
        const match = headers["if-match"] as string | undefined;
        const stored = this.find(Number(params.id));
        if (!stored) return failure(404, "No Annotation matches the given query.");
        this.updated.push({ id: stored.id, input: body as AnnotationInput, match });
        if (match && match !== `"${stored.version}"`) return failure(412, "The annotation has changed.");
        stored.result = (body as AnnotationInput).result ?? [];
        stored.version += 1;
        return { body: stored };
      },
      "POST /api/tasks/:id/drafts": ({ params, body }) => {
        this.lastId += 1;
        const draft = this.draft(this.lastId, Number(params.id), body as Draft);
        return { status: 201, body: draft };
      },
      "PATCH /api/drafts/:id": ({ params, body }) => {
        const known = this.drafts.get(Number(params.id));
        if (!known) return failure(404, "No Draft matches the given query.");
        return { body: this.draft(known.id, known.task, { ...known, ...(body as Draft) }) };
      },
      "POST /api/tasks/:id/release": () => ({ status: 204 }),
      "POST /api/tasks/:id/heartbeat": () => ({ body: { lease_until: "2026-11-02T10:00:00Z" } }),
    };
  }

  find(id: number): StoredAnnotation | undefined {
    return [...this.annotations.values()].flat().find((one) => one.id === id);
  }

  private draft(id: number, task: number, body: Draft): Draft {
    const draft = { ...emptyDraft, ...body, id, task };
    this.drafts.set(id, draft);
    return draft;
  }
}
