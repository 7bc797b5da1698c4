/** One job: how far it is, what can be done with it, and what went wrong. */
import { For, Show } from "solid-js";
import { errorOfThrown } from "../../api/errors";
import type { Job } from "../../api/types";
import { Badge, type BadgeTone } from "../../ui/Badge";
import { Button, LinkButton } from "../../ui/Button";
import { Progress } from "../../ui/Progress";
import { toast } from "../../ui/toasts";
import { formatAgo, formatNumber, formatSpan, t } from "../i18n";
import { cancelJob, isActive, retryJob } from "../jobs";
import "./JobRow.css";
import { jobName } from "./jobName";

const tones: Record<Job["state"], BadgeTone> = {
  queued: "neutral",
  running: "accent",
  undoing: "neutral",
  completed: "success",
  failed: "danger",
  cancelled: "neutral",
};

const attempt = (work: Promise<void>) =>
  work.catch((thrown: unknown) => toast(errorOfThrown(thrown).message, { tone: "danger" }));

export function JobRow(props: { job: Job }) {
  return (
    <li class="job">
      <div class="job-head">
        <strong>{jobName(props.job)}</strong>
        <Badge tone={tones[props.job.state]}>{t(`job.${props.job.state}`)}</Badge>
        <span class="bar-space" />
        <Show when={isActive(props.job) && props.job.state !== "undoing"}>
          <Button look="quiet" size="small" onClick={() => void attempt(cancelJob(props.job.id))}>
            {t("action.cancel")}
          </Button>
        </Show>
        <Show when={props.job.state === "failed" || props.job.state === "cancelled"}>
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
        <Show when={isActive(props.job) && props.job.rate}>
          {(rate) => <> · {t("job.rate", { rate: formatNumber(Math.round(rate())) })}</>}
        </Show>
        <Show when={props.job.seconds_left !== null}>
          {" · "}
          {t("job.left", { time: formatSpan(props.job.seconds_left ?? 0) })}
        </Show>
        <Show when={props.job.read_units + props.job.write_units > 0}>
          {" · "}
          {t("job.units", {
            read: formatNumber(Math.round(props.job.read_units)),
            write: formatNumber(Math.round(props.job.write_units)),
          })}
        </Show>
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
        <div class="job-head">
          <h3>{t("job.problems", { count: props.job.problem_count })}</h3>
          <span class="bar-space" />
          <Show when={props.job.report}>
            {(report) => (
              <LinkButton
                look="quiet"
                size="small"
                icon="download"
                href={report()}
                rel="external"
                download=""
              >
                {t("job.report")}
              </LinkButton>
            )}
          </Show>
        </div>
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
