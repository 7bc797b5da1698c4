/** The fake server's slow work: uploads, imports and exports, each a step further whenever it is looked at. */
import type { ExportSnapshot, Job } from "../../src/api/types";
import { type FakeApi, failure, type Routes } from "./fakeApi";
import { ada, formats } from "./fixtures";

/** How many looks a job takes from start to end. */
const looks = 3;

export function makeJob(api: FakeApi, own: Partial<Job> & { kind: string }): Job {
  const job: Job = {
    id: api.nextId(),
    project: null,
    state: "queued",
    done: 0,
    total: 300,
    unit: "tasks",
    problems: [],
    problem_count: 0,
    result: {},
    created_at: new Date().toISOString(),
    started_at: null,
    heartbeat_at: null,
    finished_at: null,
    created_by: 1,
    rate: null,
    seconds_left: null,
    attempts: 0,
    last_error: "",
    read_units: 0,
    write_units: 0,
    report: null,
    ...own,
  };
  api.jobs.set(job.id, job);
  return job;
}

function advance(api: FakeApi, job: Job): Job {
  if (job.state !== "queued" && job.state !== "running") return job;
  const total = job.total ?? 300;
  const done = Math.min(total, job.done + Math.ceil(total / looks));
  const finished = done === total;
  const next: Job = {
    ...job,
    done,
    state: finished ? "completed" : "running",
    finished_at: finished ? new Date().toISOString() : null,
  };
  if (finished && job.kind === "import" && !job.result.preview) land(api, next);
  api.jobs.set(job.id, next);
  return next;
}

/** The tasks of a finished import appear in the project. */
function land(api: FakeApi, job: Job): void {
  const project = api.projects.get(job.project ?? 0);
  if (!project) return;
  const count = job.total ?? 0;
  api.projects.set(project.id, { ...project, task_number: (project.task_number ?? 0) + count });
  job.result = { task_count: count, annotation_count: 0, prediction_count: 0, file_upload_ids: [] };
}

function snapshotState(api: FakeApi, snapshot: ExportSnapshot): ExportSnapshot {
  const job = snapshot.job ? api.jobs.get(snapshot.job) : undefined;
  if (!job) return snapshot;
  const now = advance(api, job);
  const done = now.state === "completed";
  return {
    ...snapshot,
    status: done ? "completed" : now.state === "failed" ? "failed" : "in_progress",
    finished_at: now.finished_at,
    progress: { done: now.done, total: now.total },
    counters: { task_number: now.total ?? 0 },
  };
}

/** What a look at files finds: two rows, and a line that cannot be read. */
function dryRun(count: number): Partial<Job> {
  const preview = [
    { data: { text: "A first sentence that is a little longer than the others", n: 1 }, annotations: 2 },
    { data: { text: "مرحبا", n: 2, more: { a: [1] } } },
  ];
  const columns = ["text", "n", "more"];
  const warnings = ["set.zip: 3 media files of the archive belong to no task"];
  return {
    result: { preview, data_columns: columns, task_count: count, found_formats: { ".csv": 1 }, warnings },
    problems: [{ place: "tasks.csv, line 7", message: "has 4 cells, the header has 3" }],
    problem_count: 1,
    report: "/api/jobs/1/report/",
  };
}

export const jobRoutes: Routes = {
  "GET /api/jobs": ({ query }, api) => {
    const project = query.get("project");
    const all = [...api.jobs.values()].filter((job) => !project || job.project === Number(project));
    return { body: { results: all.map((job) => advance(api, job)).reverse() } };
  },
  "GET /api/jobs/:id": ({ params }, api) => {
    const job = api.jobs.get(Number(params.id));
    return job ? { body: advance(api, job) } : failure(404, "No Job matches the given query.");
  },
  "POST /api/jobs/:id/cancel": ({ params }, api) => {
    const job = api.jobs.get(Number(params.id));
    if (!job) return failure(404, "No Job matches the given query.");
    const cancelled: Job = { ...job, state: "cancelled", finished_at: new Date().toISOString() };
    api.jobs.set(job.id, cancelled);
    return { body: cancelled };
  },
  "POST /api/jobs/:id/retry": ({ params }, api) => {
    const job = api.jobs.get(Number(params.id));
    if (!job) return failure(404, "No Job matches the given query.");
    const again: Job = {
      ...job,
      state: "queued",
      done: 0,
      problems: [],
      problem_count: 0,
      finished_at: null,
    };
    api.jobs.set(job.id, again);
    return { body: again };
  },
  "POST /api/projects/:id/uploads": ({ params, body }, api) => {
    const { files } = body as { files: { name: string; size: number }[] };
    const uploads = files.map((file) => {
      const id = api.nextId();
      const size = 16 * 1024 * 1024;
      const count = file.size > 64 * 1024 * 1024 ? Math.ceil(file.size / size) : 1;
      const parts = Array.from({ length: count }, (_, i) => ({
        number: i + 1,
        url: `${api.uploadOrigin}/${params.id}/${id}/${i + 1}`,
        offset: count === 1 ? 0 : i * size,
        size: count === 1 ? file.size : Math.min(size, file.size - i * size),
      }));
      return { id, name: file.name, method: "PUT", headers: {}, parts };
    });
    return { status: 201, body: { uploads } };
  },
  "POST /api/projects/:id/uploads/:upload/complete": ({ params }) => ({
    body: { id: Number(params.upload), name: "file", size: 1 },
  }),
  "POST /api/projects/:id/imports": ({ params, body }, api) => {
    const wanted = body as {
      upload_ids?: number[];
      urls?: string[];
      dry_run?: boolean;
      on_problem?: string;
    };
    const total = (wanted.upload_ids ?? wanted.urls ?? []).length * 300;
    if (wanted.dry_run) {
      const job = makeJob(api, { kind: "import", project: Number(params.id), total, ...dryRun(total) });
      return { status: 202, body: job };
    }
    return { status: 202, body: makeJob(api, { kind: "import", project: Number(params.id), total }) };
  },
  "POST /api/projects/:id/import": ({ params, body }, api) => {
    const project = api.project(params.id);
    const items = Array.isArray(body) ? body : [body];
    const bad = items.findIndex((item) => typeof item !== "object" || item === null);
    if (items.length === 0 || bad >= 0)
      return failure(400, "Validation error", {
        validation_errors: { non_field_errors: ["Error at item 0: an object is expected"] },
      });
    api.projects.set(project.id, { ...project, task_number: (project.task_number ?? 0) + items.length });
    return { status: 201, body: { task_count: items.length, annotation_count: 0, prediction_count: 0 } };
  },
  "GET /api/projects/:id/export/formats": () => ({ body: formats }),
  "GET /api/projects/:id/exports": ({ params }, api) => ({
    body: (api.exports.get(Number(params.id)) ?? [])
      .map((snapshot) => snapshotState(api, snapshot))
      .reverse(),
  }),
  "POST /api/projects/:id/exports": ({ params, body }, api) => {
    const wanted = body as { title?: string; export_type?: string };
    const job = makeJob(api, { kind: "export", project: Number(params.id), total: 900 });
    const snapshot: ExportSnapshot = {
      id: api.nextId(),
      title: wanted.title ?? `project-${params.id}-at-2026-10-20-12-00`,
      created_by: ada,
      created_at: new Date().toISOString(),
      finished_at: null,
      status: "created",
      md5: "",
      root: "",
      task_filter_options: null,
      annotation_filter_options: null,
      serialization_options: null,
      counters: { task_number: 0 },
      converted_formats: [],
      export_type: wanted.export_type ?? "JSON",
      job: job.id,
      progress: { done: 0, total: 900 },
    };
    api.jobs.set(job.id, { ...job, result: { export: snapshot.id } });
    api.exports.set(Number(params.id), [...(api.exports.get(Number(params.id)) ?? []), snapshot]);
    return { status: 201, body: snapshot };
  },
  "GET /api/projects/:id/exports/:snapshot": ({ params }, api) => {
    const found = api.exports.get(Number(params.id))?.find(({ id }) => id === Number(params.snapshot));
    return found ? { body: snapshotState(api, found) } : failure(404, "No Export matches the given query.");
  },
  "GET /api/projects/:id/exports/:snapshot/download": ({ query }) => ({
    headers: {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="project.${(query.get("exportType") ?? "json").toLowerCase()}"`,
    },
    body: Buffer.from("[]"),
  }),
  "DELETE /api/projects/:id/exports/:snapshot": ({ params }, api) => {
    const kept = (api.exports.get(Number(params.id)) ?? []).filter(
      ({ id }) => id !== Number(params.snapshot),
    );
    api.exports.set(Number(params.id), kept);
    return { status: 204 };
  },
};
