/** Deletes a project, with all that is in it, once its name has been typed. */
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about } from "../../api/queries";
import type { Project } from "../../api/types";
import { t } from "../../app/i18n";
import { Confirm } from "../../ui/Confirm";
import { toast } from "../../ui/toasts";

export function DeleteProject(props: {
  project: Project | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();

  const remove = async (project: Project) => {
    setBusy(true);
    setError(undefined);
    try {
      await ok(api.DELETE("/api/projects/{project_id}/", { params: { path: { project_id: project.id } } }));
      toast(t("projects.deleted", { title: project.title }), { tone: "success" });
      props.onClose();
      props.onDeleted?.();
      await client.invalidateQueries({ queryKey: about.projects });
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Confirm
      open={props.project !== null}
      title={t("projects.deleteTitle", { title: props.project?.title ?? "" })}
      action={t("projects.delete")}
      cancel={t("action.cancel")}
      typed={{
        text: props.project?.title.trim() ?? "",
        label: t("projects.typeTitle", { title: props.project?.title ?? "" }),
      }}
      busy={busy()}
      error={error()}
      onClose={props.onClose}
      onConfirm={() => {
        if (props.project) void remove(props.project);
      }}
    >
      <p>
        {t("projects.deleteHint", {
          tasks: t("count.tasks", { count: props.project?.task_number ?? 0 }),
          annotations: t("count.annotations", { count: props.project?.total_annotations_number ?? 0 }),
        })}
      </p>
    </Confirm>
  );
}
