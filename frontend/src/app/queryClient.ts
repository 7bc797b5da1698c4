/**
 * How server state is kept: what failed for good is not asked again, what may pass is, twice.
 *
 * The library behind it weighs as much as a page: only pages that list and change things bring it (`withQueries`).
 * The frame around them knows nothing of it; what it shows is told from here.
 */
import { QueryClient } from "@tanstack/solid-query";
import { createEffect, createRoot } from "solid-js";
import { ApiError } from "../api/client";
import { about } from "../api/queries";
import type { Job, Project } from "../api/types";
import { session } from "./auth";
import { forgetJobs, onJobEnd } from "./jobs";
import { rememberTitle } from "./place";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.retryable,
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
    mutations: { retry: false },
  },
});

/** What the pages learn of a project, the bar calls it by. */
queryClient.getQueryCache().subscribe(({ type, query }) => {
  const [subject, id, ...part] = query.queryKey;
  if (type !== "updated" || subject !== about.project(0)[0] || part.length > 0) return;
  const project = query.state.data as Project | undefined;
  if (project) rememberTitle(id as number, project.title);
});

/** What a job of the server has changed is asked for again. */
onJobEnd((job: Job) => {
  const touched = job.project === null ? [] : [about.tasks, about.project, about.exports];
  for (const of of touched) void queryClient.invalidateQueries({ queryKey: of(job.project ?? 0) });
  void queryClient.invalidateQueries({ queryKey: about.projects });
});

/** What was fetched for one person is nobody else's: who signs in next on this page begins with nothing. */
createRoot(() =>
  createEffect(() => {
    if (session().state !== "none") return;
    queryClient.clear();
    forgetJobs();
  }),
);
