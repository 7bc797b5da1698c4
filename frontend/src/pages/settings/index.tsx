/** A project's settings, in sections beside each other. */
import { A, useNavigate, useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createResource, For, Match, Show, Switch } from "solid-js";
import { projectQuery } from "../../api/queries";
import { locale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { useRights } from "../../app/rights";
import { Loaded } from "../../ui/Loaded";
import { Danger } from "./Danger";
import { General } from "./General";
import { Labeling } from "./Labeling";
import { ProjectMembers } from "./Members";
import { ProjectWorkflow } from "./Workflow";
import { fetchWords, say } from "./words";
import "../page.css";
import "./settings.css";

const sections = ["general", "labeling", "workflow", "members", "danger"] as const;

export default function SettingsPage() {
  const params = useParams<{ id: string; section?: string }>();
  const navigate = useNavigate();
  const id = () => Number(params.id);
  const section = () => sections.find((name) => name === params.section) ?? "general";
  const project = useQuery(() => projectQuery(id()));
  const may = useRights(id);
  const [spoken] = createResource(locale, fetchWords);
  useTitle(() => `${t(`settings.${section()}`)}${project.isSuccess ? ` · ${project.data.title}` : ""}`);

  return (
    <div class="settings">
      <nav class="settings-nav" aria-label={t("app.settings")}>
        <For each={sections.filter((name) => name !== "danger" || may("manage"))}>
          {(name) => (
            <A
              href={`/projects/${id()}/settings/${name}`}
              class="settings-link"
              aria-current={section() === name ? "page" : undefined}
            >
              {t(`settings.${name}`)}
            </A>
          )}
        </For>
      </nav>
      <div class="settings-body">
        <h1>{t(`settings.${section()}`)}</h1>
        <Loaded query={project}>
          {(found) => (
            <Show when={spoken()}>
              <Show when={!may("manage") && section() !== "members"}>
                <p class="muted settings-readonly">{say("access.readOnly")}</p>
              </Show>
              <Switch>
                <Match when={section() === "general"}>
                  <General project={found()} mayChange={may("manage")} />
                </Match>
                <Match when={section() === "labeling"}>
                  <Labeling project={found()} mayChange={may("manage")} />
                </Match>
                <Match when={section() === "workflow"}>
                  <ProjectWorkflow project={found()} />
                </Match>
                <Match when={section() === "members"}>
                  <ProjectMembers project={found().id} />
                </Match>
                <Match when={section() === "danger" && may("manage", false)}>
                  <Danger project={found()} onDeleted={() => navigate("/projects")} />
                </Match>
              </Switch>
            </Show>
          )}
        </Loaded>
      </div>
    </div>
  );
}
