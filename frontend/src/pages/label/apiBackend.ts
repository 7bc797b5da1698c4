/** The labeling screen's port on the server's REST API. */
import { ApiError, api, clientHeaders, ok } from "../../api/client";
import type { Annotation, Draft, Prediction, Task } from "../../api/types";
import { rememberTitle } from "../../app/place";
import type { JsonObject } from "../../config/json";
import type { ResultItem } from "../../store/result";
import type {
  AnnotationInput,
  DraftInput,
  HistoryEntry,
  LabelBackend,
  LabelTask,
  StoredAnnotation,
  TaskGlimpse,
} from "./backend";
import { say } from "./words";

/** A body that may outlive the page is at most 64 KB, headers counted. */
const KEEPALIVE_BYTES = 60_000;

export function apiBackend(project: number, user: () => number | null): LabelBackend {
  const path = { project_id: project };
  const toAnnotation = (stored: Annotation) => readAnnotation(stored, user());
  return {
    async project() {
      const found = await ok(api.GET("/api/projects/{project_id}/", { params: { path } }));
      rememberTitle(found.id, found.title);
      return {
        id: found.id,
        title: found.title,
        config: found.label_config,
        instruction: found.expert_instruction ?? "",
        showInstruction: found.show_instruction,
        showSkip: found.show_skip_button,
        allowEmpty: found.enable_empty_annotation,
        done: found.queue_done,
        total: found.queue_total,
      };
    },
    async nextTask() {
      try {
        return readTask(await ok(api.GET("/api/projects/{project_id}/next/", { params: { path } })), user());
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    task: async (id) =>
      readTask(await ok(api.GET("/api/tasks/{task_id}/", { params: { path: { task_id: id } } })), user()),
    ahead: async () =>
      (await ok(api.GET("/api/projects/{project_id}/next/ahead/", { params: { path } })))
        .task as TaskGlimpse | null,
    annotation: async (id) =>
      toAnnotation(
        await ok(api.GET("/api/annotations/{annotation_id}/", { params: { path: { annotation_id: id } } })),
      ),
    async history() {
      const entries = await ok(
        api.GET("/api/projects/{project_id}/label-stream-history/", { params: { path } }),
      );
      return entries.map(
        (entry): HistoryEntry => ({ task: entry.taskId, annotation: entry.annotationId ?? null }),
      );
    },
    async create(task, input, withNext) {
      const query = withNext ? { next: true } : {};
      try {
        const made = await ok(
          api.POST("/api/tasks/{task_id}/annotations/", {
            params: { path: { task_id: task }, query },
            body: writeAnnotation(input, true),
          }),
        );
        return { next: made.next_task && readTask(made.next_task, user()) };
      } catch (error) {
        // The first try had arrived: what this one wanted is done.
        if (error instanceof ApiError && error.code === "already_exists") return { next: undefined };
        throw error;
      }
    },
    async update(id, input, version) {
      const header = version === null ? {} : { "If-Match": `"${version}"` };
      const body = writeAnnotation(input, false);
      return toAnnotation(
        await ok(
          api.PATCH("/api/annotations/{annotation_id}/", {
            params: { path: { annotation_id: id }, header },
            headers: header,
            body,
          }),
        ),
      );
    },
    saveDraft: (task, input) => saveDraft(task, input),
    async release(task) {
      await api.POST("/api/tasks/{task_id}/release/", { params: { path: { task_id: task } } });
    },
    async heartbeat(task) {
      await api.POST("/api/tasks/{task_id}/heartbeat/", { params: { path: { task_id: task } } });
    },
  };
}

async function saveDraft(task: number, input: DraftInput): Promise<number> {
  const body = JSON.stringify({ result: input.result, lead_time: input.leadTime });
  const under = input.annotation === null ? "" : `/annotations/${input.annotation}`;
  const url = input.draft === null ? `/api/tasks/${task}${under}/drafts` : `/api/drafts/${input.draft}/`;
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: input.draft === null ? "POST" : "PATCH",
      headers: { ...clientHeaders, "Content-Type": "application/json" },
      body,
      keepalive: input.leaving && body.length < KEEPALIVE_BYTES,
    });
  } catch {
    throw new ApiError(say("unreachable"), { kind: "network" });
  }
  // A draft that is gone was submitted or deleted elsewhere: a new one takes its place.
  if (answer.status === 404 && input.draft !== null) return saveDraft(task, { ...input, draft: null });
  if (!answer.ok) throw new ApiError(say("draftRefused"), { kind: "http", status: answer.status });
  return ((await answer.json()) as Draft).id;
}

function writeAnnotation(input: AnnotationInput, fresh: boolean) {
  return {
    result: input.result as never,
    lead_time: input.leadTime,
    ...(input.draft === undefined ? {} : { draft_id: input.draft }),
    ...(input.skipped === undefined ? {} : { was_cancelled: input.skipped }),
    ...(input.prediction === undefined ? {} : { parent_prediction: input.prediction }),
    ...(fresh ? { unique_id: input.uniqueId } : {}),
  };
}

function readTask(task: Task, user: number | null): LabelTask {
  return {
    id: task.id,
    data: task.data as JsonObject,
    annotations: task.annotations.map((stored) => readAnnotation(stored, user)),
    predictions: task.predictions.map(readPrediction),
    drafts: task.drafts.map((draft) => ({
      id: draft.id,
      result: items(draft.result),
      annotation: draft.annotation,
      leadTime: draft.lead_time ?? 0,
      updatedAt: draft.updated_at,
    })),
    allowSkip: task.allow_skip,
    state: task.state,
    comments: task.comment_count,
  };
}

function readPrediction(prediction: Prediction) {
  return {
    id: prediction.id,
    result: items(prediction.result),
    modelVersion: prediction.model_version,
    score: prediction.score,
  };
}

/** Of "first last email, id", how the server names people beside an annotation, what is not their name. */
const usernameEnd = /(?<=\S) \S+, \d+$/;

function readAnnotation(stored: Annotation, user: number | null): StoredAnnotation {
  const author = stored.completed_by;
  const id = typeof author === "object" ? author.id : author;
  const name =
    typeof author === "object" ? `${author.first_name} ${author.last_name}`.trim() || author.email : null;
  return {
    id: stored.id,
    result: items(stored.result),
    version: String(stored.version),
    author: name ?? stored.created_username.replace(usernameEnd, ""),
    editor: stored.updated_by,
    mine: user === null || id === user,
    skipped: stored.was_cancelled,
    groundTruth: stored.ground_truth,
    leadTime: stored.lead_time ?? 0,
    updatedAt: stored.updated_at,
  };
}

const items = (result: unknown): readonly ResultItem[] =>
  Array.isArray(result) ? (result as ResultItem[]) : [];
