/**
 * A small server in memory that answers as ours does, for the paths the pages use. It keeps what it is told,
 * so a journey can create, label and delete. `calls` lists what was asked, for tests that count requests.
 */
import type { IncomingHttpHeaders } from "node:http";
import type {
  CurrentUser,
  ExportSnapshot,
  Flag,
  FlagChange,
  Honeypots,
  Hotkeys,
  Job,
  OfferedTransition,
  Project,
  Task,
  Workflow,
} from "../../src/api/types";
import { jobRoutes } from "./fakeJobs";
import * as fixtures from "./fixtures";
import { landscape } from "./png";
import { presets } from "./workflows";

export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: unknown;
  params: Record<string, string>;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, or bytes as they are. */
  body?: unknown;
}

export type Handler = (request: ApiRequest, api: FakeApi) => Answer | Promise<Answer>;
/** `"GET /api/tasks/:id/"`; the closing slash may be missing in either. */
export type Routes = Record<string, Handler>;

export class FakeApi {
  signedIn = true;
  user: CurrentUser = { ...fixtures.ada };
  projects = new Map<number, Project>(fixtures.projects().map((project) => [project.id, project]));
  deletedTasks = new Map<number, Set<number>>();
  /** How well people do on tasks whose answer is known. */
  accuracy: Honeypots["annotators"] = [];
  /** To whom tasks are assigned, by the tasks' ids. */
  assigned = new Map<number, number[]>();
  jobs = new Map<number, Job>();
  exports = new Map<number, ExportSnapshot[]>();
  /** Parts that reached the upload origin. */
  received: { path: string; size: number }[] = [];
  /** How many of the next parts are refused. */
  uploadFailures = 0;
  uploadOrigin = "";
  /** Every answer of the API waits this long, in milliseconds. */
  delay = 0;
  /** The preset that each project has chosen, and its tasks by state. */
  workflows = new Map<number, { preset: string; tasks: Record<string, number> }>();
  flags: Flag[] = fixtures.flags();
  flagChanges: FlagChange[] = [];
  /** Whether the user is among those who decide about flags. */
  decides = false;
  readonly calls: string[] = [];
  private lastId = 100;

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** The answer to a request, or null when the path is the page's. */
  answer(request: ApiRequest, extra: Routes = {}): Promise<Answer> | null {
    if (!/^\/(api|data)\//.test(request.path) || request.path.startsWith("/data?")) return null;
    this.calls.push(`${request.method} ${request.path}`);
    return this.respond(request, { ...extra });
  }

  private async respond(request: ApiRequest, extra: Routes): Promise<Answer> {
    if (this.delay) await new Promise((resolve) => setTimeout(resolve, this.delay));
    const found = match(extra, request) ?? match(routes, request);
    if (!found) return failure(404, "Not found.");
    if (!this.signedIn && !request.path.startsWith("/api/session") && request.path !== "/api/sign-in-ways/")
      return failure(401, "Authentication credentials were not provided.");
    if (request.method !== "GET" && request.headers["x-skylabel-client"] !== "web")
      return failure(403, "The header X-Skylabel-Client is missing.");
    return found.handler({ ...request, params: found.params }, this);
  }

  project(id: string | undefined): Project {
    const project = this.projects.get(Number(id));
    if (!project) throw new NotFound();
    return project;
  }

  /** The numbers, from 1, of the project's tasks that are left. */
  taskNumbers(project: Project): number[] {
    const gone = this.deletedTasks.get(project.id);
    const all = Array.from({ length: project.task_number ?? 0 }, (_, n) => n + 1);
    return gone ? all.filter((n) => !gone.has(n)) : all;
  }

  task(id: number): Task {
    const project = this.project(String(Math.floor(id / 1_000_000)));
    return fixtures.task(project, id % 1_000_000);
  }
}

class NotFound extends Error {}

function workflow(api: FakeApi, id: string | undefined): Workflow {
  const { preset, tasks } = api.workflows.get(Number(id)) ?? { preset: "plain", tasks: {} };
  const of = (name: string) => presets.find((one) => one.name === name)?.workflow;
  const machine = of(preset);
  if (!machine) throw new NotFound();
  const shown = { preset, workflow: machine, annotation: machine, project: machine };
  return { ...shown, tasks, is_following: false, version: 1 };
}

/** Tasks of states that the new workflow lacks go where the body says, or it is refused. */
function changeWorkflow({ params, body }: ApiRequest, api: FakeApi): Answer {
  const now = workflow(api, params.id);
  const sent = body as { preset: string; states: Record<string, string> };
  const known =
    presets.find(({ name }) => name === sent.preset)?.workflow.states.map(({ name }) => name) ?? [];
  const tasks: Record<string, number> = {};
  for (const [state, count] of Object.entries(now.tasks)) {
    const target = known.includes(state) ? state : sent.states[state];
    if (!target) return failure(409, `The new workflow lacks states in which there are tasks: ${state}.`);
    tasks[target] = (tasks[target] ?? 0) + count;
  }
  api.workflows.set(Number(params.id), { preset: sent.preset, tasks });
  return { body: workflow(api, params.id) };
}

const waysOfProjects: Record<string, OfferedTransition[]> = {
  open: [
    { name: "pause", title: "", to: "paused", needs_reason: false },
    { name: "finish", title: "", to: "finished", needs_reason: false },
  ],
  paused: [
    { name: "resume", title: "", to: "open", needs_reason: false },
    { name: "finish", title: "", to: "finished", needs_reason: false },
  ],
  finished: [{ name: "reopen", title: "", to: "open", needs_reason: true }],
};

const projectWays = (api: FakeApi, id: string | undefined) =>
  waysOfProjects[api.project(id).state ?? "open"] ?? [];

function moveProject({ params, body }: ApiRequest, api: FakeApi): Answer {
  const sent = body as { transition_name: string; reason: string };
  const way = projectWays(api, params.id).find(({ name }) => name === sent.transition_name);
  if (!way || (way.needs_reason && !sent.reason))
    return failure(409, `${sent.transition_name} is not possible.`);
  const project = api.project(params.id);
  api.projects.set(project.id, { ...project, state: way.to });
  return { body: { success: true, new_state: way.to } };
}

export function failure(status: number, detail: string, more: object = {}): Answer {
  return {
    status,
    headers: { "X-Request-Id": "req-0001" },
    body: { id: "e", status_code: status, version: "1.0", detail, exc_info: null, ...more },
  };
}

function match(table: Routes, request: ApiRequest) {
  for (const [route, handler] of Object.entries(table)) {
    const [method, pattern] = route.split(" ");
    if (method !== request.method) continue;
    const params = matchPath(pattern ?? "", request.path);
    if (params) return { handler: guarded(handler), params };
  }
  return null;
}

function guarded(handler: Handler): Handler {
  return async (request, api) => {
    try {
      return await handler(request, api);
    } catch (error) {
      if (error instanceof NotFound) return failure(404, "No Project matches the given query.");
      throw error;
    }
  };
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (wanted.length !== given.length && wanted.at(-1) !== "*") return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part === "*") return params;
    if (part.startsWith(":")) params[part.slice(1)] = given[i] ?? "";
    else if (part !== given[i]) return null;
  }
  return params;
}

function configFaults(config: string) {
  const lines = config.split("\n");
  const bad = lines.findIndex((line) => /toName="(?!image|text)[^"]*"/.test(line));
  if (bad >= 0) {
    const name = /toName="([^"]*)"/.exec(lines[bad] ?? "")?.[1] ?? "";
    const column = (lines[bad] ?? "").indexOf("toName") + 1;
    return [
      { place: `${bad + 1}:${column}`, message: `toName="${name}" not found in names`, suggestion: "image" },
    ];
  }
  if (!config.includes("</View>") && !config.includes("<View/>"))
    return [{ place: `${lines.length}:1`, message: "The tag View is not closed.", suggestion: null }];
  return [];
}

const validate: Handler = ({ body }) => {
  const faults = configFaults((body as { label_config: string }).label_config);
  if (faults.length === 0) return { body: { warnings: [] } };
  return { status: 400, body: { label_config: faults.map((fault) => fault.message), faults } };
};

function page<T>(items: T[], query: URLSearchParams, size: number): T[] | null {
  const pageSize = Number(query.get("page_size") ?? size);
  const start = (Number(query.get("page") ?? 1) - 1) * pageSize;
  return start > 0 && start >= items.length ? null : items.slice(start, start + pageSize);
}

interface TaskQuery {
  filters?: { items: { filter: string; value: unknown }[] };
  ordering?: string[];
}

const listTasks: Handler = ({ query }, api) => {
  const project = api.project(query.get("project") ?? undefined);
  const asked = JSON.parse(query.get("query") ?? "{}") as TaskQuery;
  let numbers = api.taskNumbers(project);
  for (const item of asked.filters?.items ?? []) {
    if (item.filter === "filter:tasks:completed_at")
      numbers = numbers.filter((n) => n > (project.finished_task_number ?? 0) === item.value);
    if (item.filter === "filter:tasks:assigned")
      numbers = numbers.filter((n) => isAssigned(api.assigned.get(fixtures.task(project, n).id), item.value));
    if (item.filter === "filter:tasks:state")
      numbers = numbers.filter((n) => fixtures.task(project, n).state === item.value);
  }
  if (asked.ordering?.[0]?.startsWith("-")) numbers.reverse();
  const shown = page(numbers, query, 100);
  if (!shown) return failure(404, "Invalid page.");
  const made = shown.map((n) => fixtures.task(project, n));
  const tasks = made.map((task) => ({ ...task, assigned: api.assigned.get(task.id) ?? [] }));
  return { body: { tasks, total: numbers.length, total_annotations: 0, total_predictions: 0 } };
};

/** `true` asks for tasks of nobody, a number for those of that person. */
const isAssigned = (to: number[] = [], wanted: unknown): boolean =>
  wanted === true ? to.length === 0 : to.includes(wanted as number);

const listProjects: Handler = ({ query }, api) => {
  const title = (query.get("title") ?? "").toLowerCase();
  const found = [...api.projects.values()].filter((project) => project.title.toLowerCase().includes(title));
  found.sort((a, b) => Number(b.pinned_at !== null) - Number(a.pinned_at !== null) || b.id - a.id);
  const results = page(found, query, 30);
  if (!results) return failure(404, "Invalid page.");
  return { body: { count: found.length, next: null, previous: null, results } };
};

const createProject: Handler = ({ body }, api) => {
  const wanted = body as Partial<Project>;
  if ((wanted.title ?? "").length < 3)
    return failure(400, "Validation error", {
      validation_errors: { title: ["Ensure this field has at least 3 characters."] },
    });
  const made = fixtures.project({ ...wanted, id: api.nextId(), title: wanted.title ?? "" });
  api.projects.set(made.id, made);
  return { status: 201, body: made };
};

const actOnTasks: Handler = ({ query, body }, api) => {
  const project = api.project(query.get("project") ?? undefined);
  const { selectedItems } = body as {
    selectedItems: { all: boolean; included?: number[]; excluded?: number[] };
  };
  const chosen = selectedItems.all
    ? api.taskNumbers(project).filter((n) => !selectedItems.excluded?.includes(project.id * 1_000_000 + n))
    : (selectedItems.included ?? []).map((id) => id % 1_000_000);
  if (query.get("id") === "assign_annotators") {
    const { users } = body as { users: number[] };
    for (const n of chosen) api.assigned.set(project.id * 1_000_000 + n, users);
    return { body: { processed_items: chosen.length, detail: "Changed" } };
  }
  const gone = api.deletedTasks.get(project.id) ?? new Set<number>();
  for (const n of chosen) gone.add(n);
  api.deletedTasks.set(project.id, gone);
  return {
    body: { processed_items: chosen.length, reload: false, detail: `Deleted ${chosen.length} tasks` },
  };
};

const columns: Handler = ({ query }, api) => {
  const project = api.project(query.get("project") ?? undefined);
  const keys = Object.keys(fixtures.task(project, 1).data);
  const visible = { explore: true, labeling: true };
  const data = keys.map((id) => ({
    id,
    title: id,
    type: id === "image" ? "Image" : "String",
    target: "tasks",
    parent: "data",
    visibility_defaults: visible,
  }));
  const built = [
    ["id", "ID", "Number"],
    ["completed_at", "Completed", "Datetime"],
    ["total_annotations", "Annotations", "Number"],
    ["updated_at", "Updated", "Datetime"],
  ] as const;
  return {
    body: {
      columns: [
        ...data,
        ...built.map(([id, title, type]) => ({
          id,
          title,
          type,
          target: "tasks",
          visibility_defaults: visible,
        })),
        {
          id: "data",
          title: "data",
          type: "List",
          target: "tasks",
          children: keys,
          visibility_defaults: visible,
        },
      ],
    },
  };
};

const routes: Routes = {
  "GET /api/audit/": ({ query }) => {
    const found = fixtures.auditRecords().filter(({ changes }) => {
      const kind = query.get("kind");
      return !kind || changes.some((change) => change.kind === kind);
    });
    const before = Number(query.get("before") ?? 1_000);
    const page = found.filter(({ seq }) => seq < before).slice(0, 8);
    const last = page.at(-1)?.seq ?? 1;
    return {
      body: {
        results: page,
        before: last > (found.at(-1)?.seq ?? 1) ? last : null,
        total: 12,
        signed: 9,
        signed_at: "2026-11-28T11:00:00Z",
      },
    };
  },
  "POST /api/audit/seal/": () => ({ body: { sealed: 2 } }),
  "GET /api/flags/": (_, api) => ({
    body: {
      flags: Object.fromEntries(api.flags.map((flag) => [flag.name, said(flag)])),
      decides: api.decides,
    },
  }),
  "GET /api/flags/rollouts/": (_, api) => ({ body: api.flags }),
  "PUT /api/flags/:name/": ({ params, body }, api) => {
    const flag = api.flags.find(({ name }) => name === params.name);
    if (!flag) return { status: 404, body: { detail: "No Flag matches the given query." } };
    const { state, rules } = body as FlagChange["after"];
    const after = { state, rules };
    api.flagChanges.unshift({
      at: "2026-11-27T12:00:00Z",
      user: 1,
      email: "ada@example.com",
      before: null,
      after,
    });
    Object.assign(flag, after, { version: flag.version + 1 });
    return { body: flag };
  },
  "GET /api/flags/:name/changes/": (_, api) => ({ body: api.flagChanges }),
  "GET /api/sign-in-ways/": () => ({ status: 200, body: { provider: null } }),
  "GET /api/organizations/": () => ({
    status: 200,
    body: [{ id: 1, title: "Lab", role: "owner", is_active: true }],
  }),
  "GET /api/session": (_, api) =>
    api.signedIn ? { body: api.user } : failure(401, "Authentication credentials were not provided."),
  "POST /api/session": ({ body }, api) => {
    const { email, password } = body as { email: string; password: string };
    if (email !== api.user.email || password !== fixtures.password)
      return failure(401, "The email or the password is wrong.");
    api.signedIn = true;
    return { body: api.user };
  },
  "DELETE /api/session": (_, api) => {
    api.signedIn = false;
    return { status: 204 };
  },
  "GET /api/current-user/token": () => ({ body: { token: "3f1c0a5be7d94c2f8a6b0d1e2f3a4b5c6d7e8f90" } }),
  "PATCH /api/current-user/hotkeys": ({ body }, api) => {
    const { custom_hotkeys } = body as { custom_hotkeys: Hotkeys };
    api.user = { ...api.user, custom_hotkeys };
    return { body: { custom_hotkeys } };
  },
  "POST /api/current-user/reset-token": () => ({
    status: 201,
    body: { token: "90f8e7d6c5b4a3f2e1d0b6a8f2c49d7eb5a0c1f3" },
  }),
  "POST /api/users/:id/avatar/": (_, api) => {
    api.user = { ...api.user, avatar: "/data/avatars/1/ada.png" };
    return { body: api.user };
  },
  "DELETE /api/users/:id/avatar/": (_, api) => {
    api.user = { ...api.user, avatar: null };
    return { status: 204 };
  },
  "GET /data/avatars/:user/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(3, 64, 64),
  }),
  "GET /api/users": () => ({ body: fixtures.people }),
  "PATCH /api/users/:id": ({ body }, api) => {
    api.user = { ...api.user, ...(body as object) };
    return { body: api.user };
  },
  "GET /api/projects": listProjects,
  "POST /api/projects": createProject,
  "POST /api/projects/validate": validate,
  "POST /api/projects/:id/validate": (request, api) => {
    const answer = validate(request, api) as Answer;
    return answer.status === 204 ? { body: { config_essential_data_has_changed: false } } : answer;
  },
  "GET /api/projects/:id": ({ params }, api) => ({ body: api.project(params.id) }),
  "PATCH /api/projects/:id": ({ params, body }, api) => {
    const changed = { ...api.project(params.id), ...(body as Partial<Project>) };
    api.projects.set(changed.id, changed);
    return { body: changed };
  },
  "DELETE /api/projects/:id": ({ params }, api) => {
    api.projects.delete(api.project(params.id).id);
    return { status: 204 };
  },
  "DELETE /api/projects/:id/tasks": ({ params }, api) => {
    const project = api.project(params.id);
    api.projects.set(project.id, { ...project, task_number: 0, finished_task_number: 0 });
    return { status: 204 };
  },
  "GET /api/projects/:id/access": ({ params }, api) => ({
    body: {
      is_members_only: false,
      your_role: "administrator",
      members: fixtures.people.map((user) => ({
        user,
        role: "annotator",
        own_role: null,
        organization_role: "annotator",
      })),
      groups: [],
      id: api.project(params.id).id,
    },
  }),
  "GET /api/projects/:id/honeypots": ({ params }, api) => ({
    body: {
      honeypot_every: api.project(params.id).honeypot_every ?? 0,
      ground_truths: 12,
      annotators: api.accuracy,
    },
  }),
  "GET /api/workflows/presets": () => ({ body: presets }),
  "GET /api/projects/:id/workflow": ({ params }, api) => ({ body: workflow(api, params.id) }),
  "PUT /api/projects/:id/workflow": changeWorkflow,
  "GET /api/fsm/entities/project/:id/transitions": ({ params }, api) => ({
    body: projectWays(api, params.id),
  }),
  "POST /api/fsm/entities/project/:id/transition": moveProject,
  "GET /api/projects/:id/next/ahead": () => ({ body: { task: null } }),
  "GET /api/projects/:id/next": ({ params }, api) => {
    const project = api.project(params.id);
    const n = (project.finished_task_number ?? 0) + 1;
    if (n > (project.task_number ?? 0)) return failure(404, `There are no tasks for ${api.user.email}`);
    return { body: { ...fixtures.task(project, n), unique_lock_id: "lock-1", queue: "Sequence queue" } };
  },
  "GET /api/templates": () => ({ body: { templates: fixtures.templates, groups: ["Images", "Text"] } }),
  "GET /api/tasks": listTasks,
  "GET /api/tasks/:id": ({ params }, api) => ({ body: api.task(Number(params.id)) }),
  "GET /api/dm/columns": columns,
  "POST /api/dm/actions": actOnTasks,
  "GET /data/upload/:project/:name": ({ params }) => ({
    headers: { "Content-Type": "image/png", "Cache-Control": "max-age=60" },
    body: landscape(Number.parseInt(params.name ?? "", 16) % 997 || 1),
  }),
  ...jobRoutes,
};

function said(flag: Flag): boolean | string {
  return flag.state === "off" ? false : flag.state === "on" ? true : flag.default;
}
