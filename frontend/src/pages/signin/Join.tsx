/** Joins an organization by an invitation: with a new account, or with the one that is signed in. */
import { A, useLocation } from "@solidjs/router";
import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import { api, ok } from "../../api/client";
import { currentUser } from "../../app/auth";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { createSending } from "../../app/sending";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Late, Skeleton } from "../../ui/Loaded";
import { Door } from "./Door";

export default function JoinPage() {
  const location = useLocation();
  const secret = () => String(location.query.invitation ?? "");
  const [welcome] = createResource(secret, (invitation) =>
    ok(api.POST("/api/invitations/show/", { body: { invitation } })),
  );
  const shown = () => (welcome.state === "ready" ? welcome() : undefined);
  const title = () => t("join.title", { organization: shown()?.organization ?? "…" });
  useTitle(title);
  return (
    <Switch
      fallback={
        <Late>
          <Skeleton lines={3} />
        </Late>
      }
    >
      <Match when={welcome.state === "errored" || secret() === ""}>
        <Door title={t("door.broken")}>
          <A href="/signin">{t("door.back")}</A>
        </Door>
      </Match>
      <Match when={shown()}>
        {(found) => (
          <Door title={title()} hint={t("join.hint", { role: t(`role.${found().role}`) })}>
            <Show
              when={currentUser()}
              fallback={<NewAccount secret={secret()} email={found().email} />}
              keyed
            >
              {(user) => <Accept secret={secret()} email={user.email} />}
            </Show>
          </Door>
        )}
      </Match>
    </Switch>
  );
}

/** Everything known of the earlier session is of no use in the new organization: begin anew. */
const enter = () => window.location.assign("/projects");

function Accept(props: { secret: string; email: string }) {
  const sending = createSending();
  const accept = async () => {
    const body = { invitation: props.secret };
    if (await sending.send(() => ok(api.POST("/api/invitations/accept/", { body })))) enter();
  };
  return (
    <div class="signin-form">
      <Show when={sending.error()}>
        {(error) => (
          <p class="field-error" role="alert">
            {error().message}
          </p>
        )}
      </Show>
      <Button look="primary" size="large" busy={sending.busy()} onClick={() => void accept()}>
        {t("join.accept", { email: props.email })}
      </Button>
    </div>
  );
}

function NewAccount(props: { secret: string; email: string }) {
  const [email, setEmail] = createSignal(props.email);
  const [first, setFirst] = createSignal("");
  const [last, setLast] = createSignal("");
  const [password, setPassword] = createSignal("");
  const sending = createSending();
  const fault = (field: string) => sending.error()?.faultOf(field)?.message;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const names = { first_name: first().trim(), last_name: last().trim() };
    const body = { invitation: props.secret, email: email(), password: password(), ...names };
    if (await sending.send(() => ok(api.POST("/api/invitations/sign-up/", { body })))) enter();
  };
  return (
    <>
      <form class="signin-form" onSubmit={submit}>
        <TextField
          label={t("signin.email")}
          type="email"
          autocomplete="username"
          required
          readonly={!!props.email}
          autofocus={!props.email}
          value={email()}
          onInput={setEmail}
          error={fault("email")}
        />
        <TextField
          label={t("account.firstName")}
          autocomplete="given-name"
          autofocus={!!props.email}
          value={first()}
          onInput={setFirst}
        />
        <TextField
          label={t("account.lastName")}
          autocomplete="family-name"
          value={last()}
          onInput={setLast}
        />
        <TextField
          label={t("signin.password")}
          hint={t("door.passwordHint")}
          type="password"
          autocomplete="new-password"
          minlength={8}
          required
          value={password()}
          onInput={setPassword}
          error={fault("password")}
        />
        <Show when={sending.error()?.status !== 400 && sending.error()}>
          {(error) => (
            <p class="field-error" role="alert">
              {error().message}
            </p>
          )}
        </Show>
        <Button look="primary" size="large" type="submit" busy={sending.busy()}>
          {t("join.submit")}
        </Button>
      </form>
      <A href={`/signin?next=${encodeURIComponent(`/join?invitation=${props.secret}`)}`}>
        {t("join.haveAccount")}
      </A>
    </>
  );
}
