/**
 * Reviewing on the labeling screen: the next task is the next that waits for a verdict, and sending accepts it. What
 * was changed before is saved first, so that fixing and accepting are one step.
 */
import { createSignal } from "solid-js";
import { ApiError, api, ok } from "../../api/client";
import type { OfferedTransition, Workflow } from "../../api/types";
import { sameJson } from "../../store/result";
import { apiBackend } from "../label/apiBackend";
import type { LabelBackend, LabelTask, StoredAnnotation } from "../label/backend";
import { say } from "./words";

/** What can be said of the open task: the way that accepts it, and the others. */
export interface Ways {
  readonly accept: OfferedTransition | undefined;
  readonly others: readonly OfferedTransition[];
}

export interface ReviewBackend extends LabelBackend {
  readonly ways: () => Ways;
  /** How many tasks wait for a verdict, as far as is known. */
  readonly waiting: () => number;
  /** Makes a transition with the open task. */
  move(name: string, reason: string): Promise<void>;
}

const NONE: Ways = { accept: undefined, others: [] };
/** How often to look on where all that waits is with others. */
const LOOKS = 10;

export function reviewBackend(
  project: number,
  user: () => number | null,
  wrapped: LabelBackend = apiBackend(project, user),
): ReviewBackend {
  const [ways, setWays] = createSignal<Ways>(NONE);
  const [waiting, setWaiting] = createSignal(0);
  const known = new Map<number, StoredAnnotation>();
  let finals: Promise<ReadonlySet<string>> | undefined;
  let current = 0;
  let after = 0;

  const offered = async (id: number) => {
    const path = { entity: "task" as const, entity_id: id };
    finals ??= ok(
      api.GET("/api/projects/{project_id}/workflow/", { params: { path: { project_id: project } } }),
    ).then(finalOnes);
    const [list, ends] = await Promise.all([
      ok(api.GET("/api/fsm/entities/{entity}/{entity_id}/transitions/", { params: { path } })),
      finals,
    ]);
    const accept =
      list.find((way) => ends.has(way.to) && !way.needs_reason) ?? list.find((way) => ends.has(way.to));
    if (id === current) setWays({ accept, others: list.filter((way) => way !== accept) });
  };

  const opened = async (id: number): Promise<LabelTask> => {
    current = id;
    setWays(NONE);
    const [task] = await Promise.all([wrapped.task(id), offered(id)]);
    for (const stored of task.annotations) known.set(stored.id, stored);
    return task;
  };

  const move = async (name: string, reason: string) => {
    const path = { entity: "task" as const, entity_id: current };
    try {
      await ok(
        api.POST("/api/fsm/entities/{entity}/{entity_id}/transition/", {
          params: { path },
          body: { transition_name: name, reason },
        }),
      );
    } catch (error) {
      // Somebody was quicker: what may be said has changed.
      if (error instanceof ApiError && error.status === 409) await offered(current).catch(() => undefined);
      throw error;
    }
    setWaiting((count) => Math.max(0, count - 1));
  };

  return {
    ...wrapped,
    ways,
    waiting,
    move,
    project: async () => ({
      ...(await wrapped.project()),
      showSkip: false,
      showInstruction: false,
      done: null,
    }),
    async nextTask() {
      for (let look = 0; look < LOOKS; look += 1) {
        const found = await ok(
          api.POST("/api/projects/{project_id}/review/next/", {
            params: { path: { project_id: project } },
            body: { after },
          }),
        );
        setWaiting(found.waiting);
        after = found.task ?? found.goes_on_after ?? 0;
        if (found.task !== null) return opened(found.task);
        if (found.goes_on_after === null) return null;
      }
      return null;
    },
    task: opened,
    history: async () => [],
    async update(id, input, version) {
      const { accept } = ways();
      if (!accept) throw new ApiError(say("noVerdict"), { kind: "http", status: 409 });
      const before = known.get(id);
      const same = before !== undefined && sameJson(before.result, input.result);
      // The time is that of who made it.
      const fixed = { ...input, leadTime: before?.leadTime ?? input.leadTime };
      const stored = same ? before : await wrapped.update(id, fixed, version);
      known.set(id, stored);
      await move(accept.name, "");
      return stored;
    },
    release: async () => undefined,
    heartbeat: async () => undefined,
  };
}

const finalOnes = ({ workflow }: Workflow): ReadonlySet<string> =>
  new Set(workflow.states.flatMap((state) => (state.final ? [state.name] : [])));
