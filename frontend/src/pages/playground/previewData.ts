/** What a preview shows: made-up data, one's own, or a task of the project. */
import { type Accessor, batch, createEffect, createMemo, createSignal, on } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import type { JsonObject } from "../../config/json";
import type { GoodConfig } from "../create/configCheck";
import type { Compiler } from "./fetchCompiler";
import type { PreviewTask } from "./memoryBackend";
import { type OwnFault, predictionsOf, readOwnTask } from "./ownTask";

/** `sample`, `own`, or the id of a task. */
export type DataChoice = "sample" | "own" | `${number}`;

export interface PreviewData {
  readonly choice: Accessor<DataChoice>;
  readonly choose: (choice: DataChoice) => void;
  /** The first tasks of the project. */
  readonly tasks: Accessor<readonly number[]>;
  readonly own: Accessor<string>;
  readonly setOwn: (text: string) => void;
  readonly fault: Accessor<OwnFault | null>;
  /** Why the project's task could not be fetched; "" when it could. */
  readonly problem: Accessor<string>;
  /** What there is to show; null while there is nothing yet. */
  readonly task: Accessor<PreviewTask | null>;
}

const TASKS_OFFERED = 10;

export function createPreviewData(options: {
  readonly good: Accessor<GoodConfig | null>;
  readonly compiler: Accessor<Compiler | null>;
  /** A sample that comes with a template; what it lacks is made up. */
  readonly sample: Accessor<JsonObject | undefined>;
  readonly project: number | undefined;
}): PreviewData {
  const [choice, setChoice] = createSignal<DataChoice>("sample");
  const [tasks, setTasks] = createSignal<readonly number[]>([]);
  const [fetched, setFetched] = createSignal<PreviewTask | null>(null);
  const [problem, setProblem] = createSignal("");
  const [own, setOwn] = createSignal("");
  let chosen = false;

  const sample = createMemo<PreviewTask | null>(() => {
    const reading = options.compiler();
    const good = options.good();
    if (!reading || !good) return null;
    return { id: 1, data: { ...reading.sample(good.tree), ...options.sample() }, predictions: [] };
  });
  const read = createMemo(() => (own() ? readOwnTask(own()) : null));
  /** The newest own task that could be read. */
  const ownTask = createMemo<PreviewTask | null>((before) => {
    const found = read();
    return found && "task" in found ? found.task : before;
  }, null);
  const choose = (next: DataChoice) => {
    if (next === choice()) return;
    chosen = true;
    // Begin with what is in sight: it has the keys that the config asks for.
    if (next === "own" && !own()) setOwn(JSON.stringify((task() ?? sample())?.data ?? {}, null, 2));
    setChoice(next);
  };

  createEffect(
    on(choice, async (id) => {
      setProblem("");
      if (id === "sample" || id === "own") return;
      const found = await fetchTask(Number(id)).catch((thrown: unknown) => {
        if (choice() === id) setProblem(errorOfThrown(thrown).message);
        return null;
      });
      if (found && choice() === id) setFetched(found);
    }),
  );
  const { project } = options;
  if (project !== undefined)
    void fetchTasks(project).then((ids) =>
      batch(() => {
        setTasks(ids);
        const [first] = ids;
        if (first !== undefined && !chosen) setChoice(`${first}`);
      }),
    );

  const task = (): PreviewTask | null => {
    const now = choice();
    if (now === "own") return ownTask();
    return now === "sample" ? sample() : fetched();
  };
  const fault = () => {
    const found = choice() === "own" ? read() : null;
    return found && "fault" in found ? found.fault : null;
  };
  return { choice, choose, tasks, own, setOwn, fault, problem, task: createMemo(task) };
}

/** The ids of a project's first tasks; none where they cannot be read. */
async function fetchTasks(project: number): Promise<readonly number[]> {
  try {
    const query = { project, page: 1, page_size: TASKS_OFFERED };
    const page = await ok(api.GET("/api/tasks/", { params: { query } }));
    return page.tasks.slice(0, TASKS_OFFERED).map(({ id }) => id);
  } catch {
    return [];
  }
}

async function fetchTask(id: number): Promise<PreviewTask> {
  const found = await ok(api.GET("/api/tasks/{task_id}/", { params: { path: { task_id: id } } }));
  return { id, data: found.data as JsonObject, predictions: predictionsOf(found.predictions) };
}
