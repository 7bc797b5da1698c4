/** What cannot be undone. */
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about } from "../../api/queries";
import type { Project } from "../../api/types";
import { t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { toast } from "../../ui/toasts";
import { DeleteProject } from "../projects/DeleteProject";

export function Danger(props: { project: Project; onDeleted: () => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = createSignal<"tasks" | "project" | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();
  const tasks = () => props.project.task_number ?? 0;

  const deleteTasks = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await ok(
        api.DELETE("/api/projects/{project_id}/tasks/", {
          params: { path: { project_id: props.project.id } },
        }),
      );
      setAsking(null);
      toast(t("data.deleted", { count: tasks() }), { tone: "success" });
      await Promise.all([
        client.invalidateQueries({ queryKey: about.project(props.project.id) }),
        client.invalidateQueries({ queryKey: about.tasks(props.project.id) }),
        client.invalidateQueries({ queryKey: about.projects }),
      ]);
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="danger">
      <section>
        <div>
          <h2>{t("settings.deleteTasks")}</h2>
          <p class="muted">
            {t("settings.deleteTasksHint", {
              tasks: t("count.tasks", { count: tasks() }),
              annotations: t("count.annotations", { count: props.project.total_annotations_number ?? 0 }),
            })}
          </p>
        </div>
        <Button look="danger" disabled={tasks() === 0} onClick={() => setAsking("tasks")}>
          {t("settings.deleteTasks")}
        </Button>
      </section>
      <section>
        <div>
          <h2>{t("projects.delete")}</h2>
          <p class="muted">{t("settings.deleteProjectHint")}</p>
        </div>
        <Button look="danger" onClick={() => setAsking("project")}>
          {t("projects.delete")}
        </Button>
      </section>
      <Confirm
        open={asking() === "tasks"}
        title={t("data.deleteTitle", { count: tasks() })}
        action={t("settings.deleteTasks")}
        cancel={t("action.cancel")}
        typed={{ text: `${tasks()}`, label: t("data.typeCount", { number: `${tasks()}` }) }}
        busy={busy()}
        error={error()}
        onClose={() => setAsking(null)}
        onConfirm={() => void deleteTasks()}
      >
        <p>{t("data.deleteHint")}</p>
      </Confirm>
      <DeleteProject
        project={asking() === "project" ? props.project : null}
        onClose={() => setAsking(null)}
        onDeleted={props.onDeleted}
      />
    </div>
  );
}
