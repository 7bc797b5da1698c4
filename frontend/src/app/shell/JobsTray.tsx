/** Running and finished jobs, at hand on every page. */
import { createSignal, For, Show } from "solid-js";
import { Button } from "../../ui/Button";
import { Popover } from "../../ui/Popover";
import { t } from "../i18n";
import { activeJobs, clearEnded, jobs } from "../jobs";
import { JobRow } from "./JobRow";
import "./JobsTray.css";

export default function JobsTray() {
  const [open, setOpen] = createSignal(false);
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
