/** The frame around every page: the bar on top, the page below it, filling the window. */
import { A, type RouteSectionProps } from "@solidjs/router";
import { ErrorBoundary, Suspense } from "solid-js";
import { Crashed } from "../Crashed";
import { t } from "../i18n";
import "./Shell.css";

export function Shell(props: RouteSectionProps) {
  return (
    <div class="shell">
      <a class="shell-skip" href="#content">
        {t("app.skip")}
      </a>
      <header class="bar">
        <A class="bar-brand" href="/projects">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          {t("app.name")}
        </A>
      </header>
      <main id="content" class="shell-content" tabindex="-1">
        <ErrorBoundary fallback={(error) => <Crashed error={error} />}>
          <Suspense>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}
