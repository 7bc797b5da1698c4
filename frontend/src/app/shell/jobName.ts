/** What a job is called on the screen. */
import type { Job } from "../../api/types";
import { t } from "../i18n";

const kinds: Record<string, Parameters<typeof t>[0]> = {
  import: "job.import",
  export: "job.export",
  predictions: "job.predictions",
  config_edit: "job.configEdit",
  config_undo: "job.configUndo",
  label_rename: "job.labelRename",
  task_action: "job.taskAction",
};

/** A job's kind in words; kinds this page has not heard of are shown as the server calls them. */
export const jobName = (job: Job): string => {
  const key = kinds[job.kind];
  return key ? t(key) : job.kind;
};
