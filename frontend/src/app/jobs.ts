/** The slow work of the server that this page has an eye on: polled while it runs, told once when it ends. */
import { createSignal } from "solid-js";
import { api, ok } from "../api/client";
import type { Job } from "../api/types";

const [jobs, setJobs] = createSignal<readonly Job[]>([]);

/** Newest first. */
export { jobs };

const going = new Set<Job["state"]>(["queued", "running", "undoing"]);
export const isActive = (job: Job): boolean => going.has(job.state);
export const activeJobs = (): Job[] => jobs().filter(isActive);
export const jobOf = (id: number | null): Job | undefined => jobs().find((job) => job.id === id);

type Ended = (job: Job) => void;
const listeners = new Set<Ended>();

/** Calls `listener` when a job this page follows ends. */
export function onJobEnd(listener: Ended): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows a job from now on. */
export function followJob(job: Job): void {
  put([job]);
  schedule();
}

/** Follows the jobs of a project, or of the organization, whoever started them. */
export async function followJobs(project: number | null): Promise<void> {
  try {
    const { results } = await ok(
      api.GET("/api/jobs/", { params: { query: project === null ? {} : { project } } }),
    );
    put(results);
    schedule();
  } catch {
    // The tray is a convenience: pages tell of their own failures.
  }
}

export async function cancelJob(id: number): Promise<void> {
  put([await ok(api.POST("/api/jobs/{job_id}/cancel/", { params: { path: { job_id: id } } }))]);
}

export async function retryJob(id: number): Promise<void> {
  followJob(await ok(api.POST("/api/jobs/{job_id}/retry/", { params: { path: { job_id: id } } })));
}

/** Forgets what has ended. */
export function clearEnded(): void {
  setJobs((all) => all.filter(isActive));
}

/** Forgets all of them, as when nobody is signed in any more. */
export function forgetJobs(): void {
  clearTimeout(timer);
  setJobs([]);
}

function put(fresh: readonly Job[]): void {
  const before = new Map(jobs().map((job) => [job.id, job]));
  const merged = new Map(before);
  for (const job of fresh) merged.set(job.id, job);
  setJobs([...merged.values()].sort((a, b) => b.id - a.id).slice(0, 50));
  for (const job of fresh) {
    const known = before.get(job.id);
    if (known && isActive(known) && !isActive(job)) for (const listener of listeners) listener(job);
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
let quiet = 0;

/** Asks after a second, then less and less often while nothing changes, never more than every five seconds late. */
function schedule(): void {
  clearTimeout(timer);
  if (activeJobs().length === 0) return;
  timer = setTimeout(poll, Math.min(5_000, 1_000 * 1.3 ** quiet));
}

async function poll(): Promise<void> {
  if (document.visibilityState === "visible") {
    const before = progress();
    const asked = activeJobs().map(({ id }) =>
      ok(api.GET("/api/jobs/{job_id}/", { params: { path: { job_id: id } } })),
    );
    const answers = await Promise.allSettled(asked);
    put(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])));
    quiet = progress() === before ? quiet + 1 : 0;
  }
  schedule();
}

const progress = (): number => activeJobs().reduce((sum, job) => sum + job.done, 0);
