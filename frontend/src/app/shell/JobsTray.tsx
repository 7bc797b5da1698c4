/** Running and finished jobs, at hand on every page. */
import { createSignal, For, onCleanup, Show } from "solid-js";
import { errorOfThrown } from "../../api/errors";
import type { Job } from "../../api/types";
import { Badge, type BadgeTone } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Popover } from "../../ui/Popover";
import { Progress } from "../../ui/Progress";
import { toast } from "../../ui/toasts";
import { formatAgo, formatNumber, t } from "../i18n";
import { activeJobs, cancelJob, clearEnded, isActive, jobs, onJobEnd, retryJob } from "../jobs";
import "./JobsTray.css";

const tones: Record<Job["state"], BadgeTone> = {
  queued: "neutral",
  running: "accent",
  completed: "success",
  failed: "danger",
  cancelled: "neutral",
};

const kinds: Record<string, Parameters<typeof t>[0]> = {
  import: "job.import",
  export: "job.export",
  predictions: "job.predictions",
};

/** A job's kind in words; kinds this page has not heard of are shown as the server calls them. */
export const jobName = (job: Job): string => {
  const key = kinds[job.kind];
  return key ? t(key) : job.kind;
};

const attempt = (work: Promise<void>) =>
  work.catch((thrown: unknown) => toast(errorOfThrown(thrown).message, { tone: "danger" }));

export function JobsTray() {
  const [open, setOpen] = createSignal(false);
  onCleanup(
    onJobEnd((job) => {
      if (job.state === "failed") toast(t("job.failedToast", { job: jobName(job) }), { tone: "danger" });
      if (job.state === "completed") toast(t("job.doneToast", { job: jobName(job) }), { tone: "success" });
    }),
  );
  return (
    <div class="bar-jobs">
      <Popover
        title={t("job.title")}
        open={open()}
        onOpenChange={setOpen}
        button={{ icon: "activity", label: t("job.tray", { count: activeJobs().length }) }}
      >
        <Show when={jobs().length > 0} fallback={<p class="muted">{t("job.none")}</p>}>
          <ul class="jobs">
            <For each={jobs()}>{(job) => <JobRow job={job} />}</For>
          </ul>
          <Show when={jobs().length > activeJobs().length}>
            <Button look="quiet" size="small" onClick={clearEnded}>
              {t("job.clear")}
            </Button>
          </Show>
        </Show>
      </Popover>
      <Show when={activeJobs().length > 0}>
        <span class="bar-jobs-count" aria-hidden="true">
          {activeJobs().length}
        </span>
      </Show>
    </div>
  );
}

export function JobRow(props: { job: Job }) {
  return (
    <li class="job">
      <div class="job-head">
        <strong>{jobName(props.job)}</strong>
        <Badge tone={tones[props.job.state]}>{t(`job.${props.job.state}`)}</Badge>
        <span class="bar-space" />
        <Show when={isActive(props.job)}>
          <Button look="quiet" size="small" onClick={() => void attempt(cancelJob(props.job.id))}>
            {t("action.cancel")}
          </Button>
        </Show>
        <Show when={props.job.state === "failed"}>
          <Button
            look="quiet"
            size="small"
            icon="refresh-cw"
            onClick={() => void attempt(retryJob(props.job.id))}
          >
            {t("action.retry")}
          </Button>
        </Show>
      </div>
      <Show when={isActive(props.job)}>
        <Progress label={jobName(props.job)} done={props.job.done} total={props.job.total} />
      </Show>
      <p class="muted job-facts">
        {props.job.total === null
          ? t("job.doneSoFar", { done: props.job.done })
          : t("job.doneOf", { done: props.job.done, total: props.job.total })}
        {" · "}
        {formatAgo(props.job.created_at)}
        <Show when={props.job.problem_count > 0}>
          {" · "}
          <span class="job-problems">{t("job.problems", { count: props.job.problem_count })}</span>
        </Show>
      </p>
    </li>
  );
}

/** What went wrong, each with its place; the server keeps the first hundred. */
export function JobProblems(props: { job: Job }) {
  const rest = () => props.job.problem_count - props.job.problems.length;
  return (
    <Show when={props.job.problem_count > 0}>
      <section class="problems" aria-label={t("job.problems", { count: props.job.problem_count })}>
        <h3>{t("job.problems", { count: props.job.problem_count })}</h3>
        <ul tabindex="0">
          <For each={props.job.problems}>
            {(problem) => (
              <li>
                <code>{problem.place}</code> {problem.message}
              </li>
            )}
          </For>
        </ul>
        <Show when={rest() > 0}>
          <p class="muted">{t("job.moreProblems", { count: rest(), shown: formatNumber(rest()) })}</p>
        </Show>
      </section>
    </Show>
  );
}
