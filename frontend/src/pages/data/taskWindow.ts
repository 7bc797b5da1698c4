/** The part of a long list of tasks that is in sight, fetched page by page; pages scrolled past are not asked for. */
import { useQueryClient } from "@tanstack/solid-query";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { errorOfThrown } from "../../api/errors";
import { about, type TaskView, taskPage, taskPageSize } from "../../api/queries";
import type { ListedTask } from "../../api/types";

export interface TaskWindow {
  /** How many tasks match; null until the first page is here. */
  total: Accessor<number | null>;
  row: (index: number) => ListedTask | undefined;
  /** The rows now in sight. */
  show: (first: number, last: number) => void;
  error: Accessor<Error | null>;
  retry: () => void;
}

const settleMs = 60;

export function createTaskWindow(view: Accessor<TaskView>, firstPage: Accessor<number>): TaskWindow {
  const client = useQueryClient();
  const [pages, setPages] = createStore<Record<number, ListedTask[]>>({});
  const [total, setTotal] = createSignal<number | null>(null);
  const [error, setError] = createSignal<Error | null>(null);
  const [range, setRange] = createSignal<readonly [number, number]>([0, 0]);
  let generation = 0;

  const load = async (page: number) => {
    const mine = generation;
    try {
      const answer = await client.fetchQuery(taskPage(view(), page));
      if (mine !== generation) return;
      setTotal(answer.total);
      setPages(page, answer.tasks);
      setError(null);
    } catch (thrown) {
      const failed = errorOfThrown(thrown);
      if (mine !== generation || failed.kind === "aborted") return;
      // Past the end, as after a deletion: begin at the beginning.
      if (failed.status === 404 && page > 1) void load(1);
      else setError(failed);
    }
  };

  const loadInSight = (again: boolean) => {
    const [first, last] = range();
    for (let page = pageAt(first); page <= pageAt(last); page++) if (again || !pages[page]) void load(page);
  };

  createEffect(
    on(view, () => {
      generation += 1;
      setPages(reconcile({}));
      setTotal(null);
      setError(null);
      const start = (firstPage() - 1) * taskPageSize;
      setRange([start, start]);
      void load(firstPage());
    }),
  );
  createEffect(
    on(
      range,
      () => {
        const timer = setTimeout(() => loadInSight(false), settleMs);
        onCleanup(() => clearTimeout(timer));
      },
      { defer: true },
    ),
  );

  // When something changed the tasks, what is in sight is fetched anew and the rest forgotten.
  onCleanup(
    client.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "invalidate") return;
      const [subject, project, part] = event.query.queryKey;
      if (subject !== about.tasks(0)[0] || project !== view().project || part !== "page") return;
      refresh();
    }),
  );
  let refreshing = false;
  const refresh = () => {
    if (refreshing) return;
    refreshing = true;
    queueMicrotask(() => {
      refreshing = false;
      generation += 1;
      const [first, last] = range();
      const kept = Object.entries(pages).filter(([page]) => {
        const number = Number(page);
        return number >= pageAt(first) && number <= pageAt(last);
      });
      setPages(reconcile(Object.fromEntries(kept)));
      loadInSight(true);
    });
  };

  return {
    total,
    error,
    row: (index) => pages[pageAt(index)]?.[index % taskPageSize],
    show: (first, last) => setRange([first, last]),
    retry: () => {
      setError(null);
      loadInSight(true);
    },
  };
}

/** The page, from 1, that holds the row with this index, from 0. */
export const pageAt = (index: number): number => Math.floor(index / taskPageSize) + 1;
