/** Where we are: the project the address names, and the name of the window. */
import { useLocation } from "@solidjs/router";
import { type Accessor, createEffect, createSignal } from "solid-js";
import { t } from "./i18n";

/** The id of the project the address is about, or null. */
export function useProjectId(): Accessor<number | null> {
  const location = useLocation();
  return () => {
    const found = /^\/projects\/(\d+)(?:\/|$)/.exec(location.pathname);
    return found ? Number(found[1]) : null;
  };
}

const [titles, setTitles] = createSignal<ReadonlyMap<number, string>>(new Map());

/** What a project is called, once a page has learned it; the bar asks for nothing itself. */
export const titleOf = (project: number): string | undefined => titles().get(project);

export function rememberTitle(project: number, title: string): void {
  if (titles().get(project) !== title) setTitles((known) => new Map(known).set(project, title));
}

/** Names the window after the page, for as long as the page is shown. */
export function useTitle(title: () => string | undefined): void {
  createEffect(() => {
    const own = title();
    document.title = own ? `${own} · ${t("app.name")}` : t("app.name");
  });
}

/** A path within this site, or the start page: never another site, whatever the address says. */
export function safePath(path: string | string[] | undefined): string {
  return typeof path === "string" && /^\/(?![/\\])/.test(path) ? path : "/projects";
}
