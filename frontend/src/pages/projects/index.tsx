/** All projects: how far each one is, found by name, pinned ones first. */
import { useNavigate, useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { projectPages } from "../../api/queries";
import type { Project } from "../../api/types";
import { currentUser } from "../../app/auth";
import { type Command, useCommands } from "../../app/commands";
import { formatNumber, locale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Button, LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Icon } from "../../ui/Icon";
import { Loaded } from "../../ui/Loaded";
import { fetchWords, say } from "../playground/words";
import { DeleteProject } from "./DeleteProject";
import { ProjectCard } from "./ProjectCard";
import "../page.css";
import "./projects.css";

export default function ProjectsPage() {
  useTitle(() => t("app.projects"));
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams<{ q?: string }>();
  const [spoken] = createResource(locale, fetchWords);
  const [doomed, setDoomed] = createSignal<Project | null>(null);
  const query = useInfiniteQuery(() => projectPages({ title: params.q ?? "" }));
  let search: HTMLInputElement | undefined;

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const seek = (text: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => setParams({ q: text.trim() || null }, { replace: true }), 200);
  };

  const create = (): Command => ({
    id: "projects-new",
    title: t("projects.create"),
    group: t("app.projects"),
    keys: "n",
    icon: "plus",
    run: () => navigate("/projects/create"),
  });
  useCommands(() => [
    ...(mayCreate() ? [create()] : []),
    {
      id: "projects-search",
      title: t("projects.search"),
      group: t("app.projects"),
      keys: "/",
      icon: "search",
      run: () => search?.focus(),
    },
  ]);

  return (
    <div class="page">
      <div class="page-head">
        <h1>{t("app.projects")}</h1>
        <div class="search">
          <Icon name="search" size={14} />
          <input
            ref={search}
            class="input"
            type="search"
            aria-label={t("projects.search")}
            placeholder={t("projects.search")}
            value={params.q ?? ""}
            onInput={(event) => seek(event.currentTarget.value)}
          />
        </div>
        <Show when={spoken()}>
          <LinkButton href="/playground" icon="code">
            {say("inPlayground")}
          </LinkButton>
        </Show>
        <Show when={mayCreate()}>
          <LinkButton href="/projects/create" look="primary" icon="plus">
            {t("projects.create")}
          </LinkButton>
        </Show>
      </div>
      <Loaded query={query} skeleton={<CardSkeletons />}>
        {(data) => {
          const projects = () => data().pages.flatMap((page) => page.results);
          return (
            <Show when={projects().length > 0} fallback={<NoProjects search={params.q ?? ""} />}>
              <p class="visually-hidden" aria-live="polite">
                {t("projects.count", { count: data().pages[0]?.count ?? 0 })}
              </p>
              <ul class="cards">
                <For each={projects()}>
                  {(project) => <ProjectCard project={project} onDelete={() => setDoomed(project)} />}
                </For>
              </ul>
              <Show when={query.hasNextPage}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("projects.more", {
                    shown: formatNumber(projects().length),
                    count: data().pages[0]?.count ?? 0,
                  })}
                </Button>
              </Show>
            </Show>
          );
        }}
      </Loaded>
      <DeleteProject project={doomed()} onClose={() => setDoomed(null)} />
    </div>
  );
}

/** Whether the user makes projects, or works in those of others. */
const mayCreate = () => currentUser()?.permissions.includes("project.create") ?? false;

function NoProjects(props: { search: string }) {
  return (
    <Show
      when={props.search}
      fallback={
        <EmptyState
          icon="tag"
          title={t(mayCreate() ? "projects.empty" : "projects.none")}
          actions={
            <Show when={mayCreate()}>
              <LinkButton href="/projects/create" look="primary" icon="plus">
                {t("projects.create")}
              </LinkButton>
            </Show>
          }
        >
          {t(mayCreate() ? "projects.emptyHint" : "projects.noneHint")}
        </EmptyState>
      }
    >
      <EmptyState
        icon="search"
        title={t("projects.noneFound", { search: props.search })}
        actions={<LinkButton href="/projects">{t("projects.showAll")}</LinkButton>}
      />
    </Show>
  );
}

function CardSkeletons() {
  return (
    <ul class="cards" aria-hidden="true">
      <For each={[1, 2, 3, 4, 5, 6]}>{() => <li class="card card-waiting skeleton-line" />}</For>
    </ul>
  );
}
