/** The frame around every page: who may see it, the bar on top, the page below, filling the window. */
import { type RouteSectionProps, useCurrentMatches, useLocation, useNavigate } from "@solidjs/router";
import { createEffect, ErrorBoundary, Match, on, onMount, Show, Suspense, Switch } from "solid-js";
import { Failed, Late, Skeleton } from "../../ui/Loaded";
import { Toasts } from "../../ui/Toasts";
import { readSession, session } from "../auth";
import { Crashed } from "../Crashed";
import { t } from "../i18n";
import { safePath } from "../place";
import { fetched } from "../queried";
import { holdBack } from "../quiet";
import { Bar } from "./Bar";
import "./Shell.css";

/** Starts fetching a lazy component. */
function preload(component: unknown): void {
  if (typeof component === "function" && "preload" in component && typeof component.preload === "function")
    void component.preload();
}

/** Pages for those who are not signed in yet. */
const doors = ["/signin", "/forgot", "/reset", "/join"];

const Renew = fetched(() => import("./Renew"));

const firstPage = holdBack();

/** Beside a page that may still be on its way: is there when the page is. */
function Arrived() {
  onMount(firstPage);
  return null;
}

export function Shell(props: RouteSectionProps) {
  const location = useLocation();
  const navigate = useNavigate();
  let content: HTMLElement | undefined;
  const matches = useCurrentMatches();
  // The page is fetched while the server is asked who we are, not after.
  for (const { route } of matches()) preload(route.component);
  const atDoor = () => doors.includes(location.pathname);

  createEffect(() => {
    const { state } = session();
    if (state === "none" && !atDoor())
      navigate(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`, { replace: true });
    if (state === "signedIn" && location.pathname === "/signin")
      navigate(safePath(location.query.next), { replace: true });
  });

  // Readers of screens are taken along when the page changes, unless the page took the focus itself.
  createEffect(
    on(
      () => location.pathname,
      () =>
        setTimeout(() => {
          const focused = document.activeElement;
          if (!focused || focused === document.body || focused.closest(".bar")) content?.focus();
        }),
      { defer: true },
    ),
  );

  const problem = () => {
    const now = session();
    return now.state === "unreachable" ? now.error : null;
  };
  const inside = () => session().state === "signedIn" || session().state === "expired";

  return (
    <>
      <div class="shell">
        <button type="button" class="shell-skip" onClick={() => content?.focus()}>
          {t("app.skip")}
        </button>
        <Show when={inside() && !atDoor()}>
          <Bar />
        </Show>
        <main ref={content} id="content" class="shell-content" tabindex="-1">
          <Switch>
            <Match when={problem()}>
              {(error) => <Failed message={error().message} onRetry={() => void readSession()} />}
            </Match>
            <Match when={session().state === "unknown"}>
              <Late>
                <Skeleton lines={3} />
              </Late>
            </Match>
            <Match when={inside() || atDoor()}>
              <ErrorBoundary fallback={(error) => <Crashed error={error} />}>
                <Suspense
                  fallback={
                    <Late>
                      <Skeleton lines={3} />
                    </Late>
                  }
                >
                  {props.children}
                  <Arrived />
                </Suspense>
              </ErrorBoundary>
            </Match>
          </Switch>
        </main>
      </div>
      <Show when={session().state === "expired"}>
        <Suspense>
          <Renew />
        </Suspense>
      </Show>
      <Toasts />
    </>
  );
}
