/** One project at a glance. */
import { A, useNavigate } from "@solidjs/router";
import { useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about } from "../../api/queries";
import type { Project } from "../../api/types";
import { formatAgo, formatNumber, t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { Progress } from "../../ui/Progress";
import { toast } from "../../ui/toasts";

export function ProjectCard(props: { project: Project; onDelete: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const path = (page: string) => `/projects/${props.project.id}/${page}`;
  const total = () => props.project.task_number ?? 0;
  const done = () => props.project.finished_task_number ?? 0;
  const pinned = () => props.project.pinned_at !== null;
  const percent = () => (total() ? Math.floor((100 * done()) / total()) : 0);

  const pin = async () => {
    const body = { pinned_at: pinned() ? null : new Date().toISOString() };
    try {
      await ok(
        api.PATCH("/api/projects/{project_id}/", {
          params: { path: { project_id: props.project.id } },
          body,
        }),
      );
      await client.invalidateQueries({ queryKey: about.projects });
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    }
  };

  return (
    <li class="card" style={{ "--project": projectColour(props.project.color) }}>
      <div class="card-head">
        <h2>
          <A href={path("data")}>{props.project.title || t("projects.untitled")}</A>
        </h2>
        <Button
          look="quiet"
          size="small"
          class="card-pin"
          icon="pin"
          aria-pressed={pinned()}
          label={pinned() ? t("projects.unpin") : t("projects.pin")}
          onClick={() => void pin()}
        />
        <Menu
          button={{
            size: "small",
            icon: "ellipsis",
            label: t("projects.actions", { title: props.project.title }),
          }}
          items={[
            { label: t("app.label"), icon: "play", run: () => navigate(path("label")) },
            { label: t("data.import"), icon: "upload", run: () => navigate(path("data?dialog=import")) },
            { label: t("data.export"), icon: "download", run: () => navigate(path("data?dialog=export")) },
            { label: t("app.settings"), icon: "settings", run: () => navigate(path("settings")) },
            "separator",
            { label: t("projects.delete"), icon: "trash-2", danger: true, run: props.onDelete },
          ]}
        />
      </div>
      <p class="card-description muted">{props.project.description}</p>
      <div class="card-progress">
        <Show
          when={total() > 0}
          fallback={
            <A class="card-import" href={path("data?dialog=import")}>
              <Icon name="upload" size={14} />
              {t("projects.noTasks")}
            </A>
          }
        >
          <div class="card-numbers tabular">
            <span>{t("projects.progress", { done: done(), count: total() })}</span>
            <span class="muted">{formatNumber(percent())} %</span>
          </div>
          <Progress
            label={t("projects.progress", { done: done(), count: total() })}
            done={done()}
            total={total()}
            tone={done() === total() ? "success" : "accent"}
          />
        </Show>
        <p class="card-facts muted">
          {t("projects.annotations", { count: props.project.total_annotations_number ?? 0 })}
          {" · "}
          {t("projects.created", { when: formatAgo(props.project.created_at) })}
        </p>
      </div>
    </li>
  );
}

/** White is what projects have that nobody gave a colour. */
const projectColour = (colour: string): string =>
  /^#[0-9a-f]{6}$/i.test(colour) && colour.toUpperCase() !== "#FFFFFF" ? colour : "var(--border-strong)";
