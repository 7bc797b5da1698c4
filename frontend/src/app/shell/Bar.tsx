/** The bar: where we are, the project's own pages, and what is at hand everywhere. */
import { A, useNavigate } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, onCleanup, onMount, Show, Suspense } from "solid-js";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Kbd } from "../../ui/Kbd";
import { toast } from "../../ui/toasts";
import { currentUser, signOut } from "../auth";
import { type Command, useCommands } from "../commands";
import { followFlags, useFlag } from "../flags";
import { keyCaps } from "../hotkeys";
import { speakPages, t } from "../i18n";
import { followJobs, onJobEnd } from "../jobs";
import { adoptKeys, keysOf } from "../keymap";
import { titleOf, useProjectId } from "../place";
import { fetched, queried, worded } from "../queried";
import { quiet } from "../quiet";
import { setTheme, themes } from "../theme";
import { jobName } from "./jobName";
import "./Bar.css";

// Menus bring their own library: the page is drawn and used before they are here.
const JobsTray = worded(() => import("./JobsTray"));
const UserMenu = worded(() => import("./UserMenu"));
const Palette = queried(() => import("./Palette"));
const KeyList = fetched(() => import("./KeyList"));

export function Bar() {
  const navigate = useNavigate();
  const projectId = useProjectId();
  const [open, setOpen] = createSignal<"palette" | "keys" | null>(null);

  onCleanup(
    onJobEnd(async (job) => {
      if (job.created_by !== currentUser()?.id) return;
      await speakPages().catch(() => undefined);
      if (job.state === "failed") toast(t("job.failedToast", { job: jobName(job) }), { tone: "danger" });
      if (job.state === "completed") toast(t("job.doneToast", { job: jobName(job) }), { tone: "success" });
    }),
  );
  // The page comes first.
  createEffect(() => quiet() && void followJobs(projectId()));
  onMount(() => void adoptKeys());
  onCleanup(followFlags());

  const hasPalette = useFlag("command_palette", true);
  const palette = (): Command => ({
    id: "palette",
    title: t("command.palette"),
    group: t("command.everywhere"),
    keys: "$mod+K",
    icon: "search",
    run: () => setOpen("palette"),
  });

  const mayCreate = () => currentUser()?.permissions.includes("project.create") ?? false;
  const create = (): Command => ({
    id: "create",
    title: t("projects.create"),
    group: t("command.everywhere"),
    keys: "g n",
    icon: "plus",
    run: () => navigate("/projects/create"),
  });

  useCommands(() => [
    ...(hasPalette() ? [palette()] : []),
    {
      id: "keys",
      title: t("command.keys"),
      group: t("command.everywhere"),
      keys: "Shift+?",
      icon: "keyboard",
      run: () => setOpen("keys"),
    },
    {
      id: "projects",
      title: t("app.toProjects"),
      group: t("command.everywhere"),
      keys: "g p",
      icon: "list-todo",
      run: () => navigate("/projects"),
    },
    ...(mayCreate() ? [create()] : []),
    {
      id: "account",
      title: t("account.title"),
      group: t("command.everywhere"),
      keys: "g a",
      icon: "user",
      run: () => navigate("/account"),
    },
    {
      id: "members",
      title: t("members.title"),
      group: t("command.everywhere"),
      keys: "g m",
      icon: "users",
      run: () => navigate("/members"),
    },
    ...themes.map((value) => ({
      id: `theme-${value}`,
      title: `${t("theme.title")}: ${t(`theme.${value}`)}`,
      group: t("command.everywhere"),
      icon: value === "dark" ? ("moon" as const) : ("sun" as const),
      run: () => setTheme(value),
    })),
    {
      id: "signout",
      title: t("signin.out"),
      group: t("command.everywhere"),
      icon: "log-out",
      run: () => void signOut(),
    },
  ]);

  return (
    <>
      <header class="bar">
        <A class="bar-brand" href="/projects">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          <span class="bar-name">{t("app.name")}</span>
        </A>
        {/* Keyed: an accessor would be read, in the middle of a change of page, when there is no project any more. */}
        <Show when={projectId()} keyed>
          {(id) => <ProjectPages id={id} />}
        </Show>
        <div class="bar-space" />
        <Show when={hasPalette()}>
          <button type="button" class="bar-search" onClick={() => setOpen("palette")}>
            <Icon name="search" size={14} />
            <span>{t("command.search")}</span>
            <Show when={keysOf("palette", "$mod+K")}>{(keys) => <Kbd caps={keyCaps(keys())} />}</Show>
          </button>
        </Show>
        <Late fallback={<Button look="quiet" icon="activity" label={t("job.title")} disabled />}>
          <JobsTray />
        </Late>
        <Button
          look="quiet"
          class="bar-keys"
          icon="keyboard"
          label={t("command.keys")}
          onClick={() => setOpen("keys")}
        />
        <Late fallback={<span class="bar-user-place" />}>
          <UserMenu />
        </Late>
      </header>
      <Suspense>
        <Show when={open() === "palette"}>
          <Palette onClose={() => setOpen(null)} />
        </Show>
        <Show when={open() === "keys"}>
          <KeyList onClose={() => setOpen(null)} />
        </Show>
      </Suspense>
    </>
  );
}

/** What comes when the page is there; until then something holds its place. */
function Late(props: { fallback: JSX.Element; children: JSX.Element }) {
  return (
    <Show when={quiet()} fallback={props.fallback}>
      <Suspense fallback={props.fallback}>{props.children}</Suspense>
    </Show>
  );
}

function ProjectPages(props: { id: number }) {
  const navigate = useNavigate();
  const title = () => titleOf(props.id) ?? "…";
  const pages = () => [
    { key: "data" as const, href: `/projects/${props.id}/data`, keys: "g d", icon: "list-todo" as const },
    { key: "label" as const, href: `/projects/${props.id}/label`, keys: "g l", icon: "play" as const },
    {
      key: "settings" as const,
      href: `/projects/${props.id}/settings`,
      keys: "g s",
      icon: "settings" as const,
    },
  ];

  useCommands(() =>
    pages().map((page) => ({
      id: `go-${page.key}`,
      title: t(`app.${page.key}`),
      group: title(),
      keys: page.keys,
      icon: page.icon,
      run: () => navigate(page.href),
    })),
  );

  return (
    <>
      <span class="bar-slash" aria-hidden="true">
        /
      </span>
      <A class="bar-project" href={`/projects/${props.id}/data`} title={title()}>
        {title()}
      </A>
      <nav class="bar-pages" aria-label={title()}>
        <For each={pages()}>
          {(page) => (
            <A href={page.href} activeClass="bar-here" class="bar-page">
              {t(`app.${page.key}`)}
            </A>
          )}
        </For>
      </nav>
    </>
  );
}
