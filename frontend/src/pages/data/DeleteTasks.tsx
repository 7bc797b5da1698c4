/** Deletes the ticked tasks: says how many, and past a hundred wants the number typed. */
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, type TaskView } from "../../api/queries";
import type { ActionOutcome } from "../../api/types";
import { t } from "../../app/i18n";
import { followJobs } from "../../app/jobs";
import { Confirm } from "../../ui/Confirm";
import { toast } from "../../ui/toasts";
import type { Selection } from "./selection";

const typedAbove = 100;

export function DeleteTasks(props: {
  open: boolean;
  view: TaskView;
  selection: Selection;
  count: number;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();

  const remove = async () => {
    const { project, filters, ordering } = props.view;
    setBusy(true);
    setError(undefined);
    try {
      // only `next_task` answers otherwise
      const answer = (await ok(
        api.POST("/api/dm/actions/", {
          params: { query: { project, id: "delete_tasks" } },
          body: { selectedItems: props.selection, ordering: [...ordering], ...(filters ? { filters } : {}) },
        }),
      )) as ActionOutcome;
      props.onClose();
      props.onDeleted();
      const isAtWork = answer.state !== undefined && answer.state !== "completed";
      if (isAtWork) void followJobs(project);
      toast(
        isAtWork
          ? t("data.deleting", { count: `${props.count}` })
          : t("data.deleted", { count: answer.processed_items ?? props.count }),
        { tone: "success" },
      );
      await Promise.all([
        client.invalidateQueries({ queryKey: about.tasks(project) }),
        client.invalidateQueries({ queryKey: about.project(project) }),
        client.invalidateQueries({ queryKey: about.projects }),
      ]);
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Confirm
      open={props.open}
      title={t("data.deleteTitle", { count: props.count })}
      action={t("data.delete")}
      cancel={t("action.cancel")}
      typed={
        props.count > typedAbove
          ? { text: `${props.count}`, label: t("data.typeCount", { number: `${props.count}` }) }
          : undefined
      }
      busy={busy()}
      error={error()}
      onClose={props.onClose}
      onConfirm={() => void remove()}
    >
      <p>{t("data.deleteHint")}</p>
    </Confirm>
  );
}
