/** The door. Where one wanted to go is in the address; the shell goes there once signed in. */

import { A, useLocation } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { t } from "../../app/i18n";
import { safePath, useTitle } from "../../app/place";
import { SignInForm } from "../../app/SignInForm";
import { LinkButton } from "../../ui/Button";
import "./signin.css";

export default function SignInPage() {
  useTitle(() => t("signin.title"));
  const location = useLocation();
  // A failure here must not keep anybody from signing in by password.
  const [ways] = createResource(() => ok(api.GET("/api/sign-in-ways/")).catch(() => null));
  const provider = () => (ways.state === "ready" ? ways()?.provider : null);
  const next = () => encodeURIComponent(safePath(location.query.next));
  return (
    <div class="signin">
      <section class="signin-card">
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{t("signin.title")}</h1>
        <p class="muted">{t("signin.hint")}</p>
        <SignInForm />
        <Show when={provider()}>
          {(name) => (
            <>
              <Show when={location.query.failed}>
                <p class="field-error" role="alert">
                  {t("signin.external", { name: name() })}
                </p>
              </Show>
              <LinkButton href={`/api/oidc/start/?next=${next()}`} size="large" rel="external">
                {t("signin.with", { name: name() })}
              </LinkButton>
            </>
          )}
        </Show>
        <A href="/forgot">{t("signin.forgot")}</A>
      </section>
    </div>
  );
}
