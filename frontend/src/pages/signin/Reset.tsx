/** Sets a new password by the link that was mailed. */
import { A, useLocation } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { createSending } from "../../app/sending";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Door } from "./Door";

export default function ResetPage() {
  useTitle(() => t("door.forgotTitle"));
  const location = useLocation();
  const [password, setPassword] = createSignal("");
  const [done, setDone] = createSignal(false);
  const sending = createSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { token: String(location.query.token ?? ""), password: password() };
    if (await sending.send(() => ok(api.POST("/api/password-reset/set/", { body })))) setDone(true);
  };
  return (
    <Door title={t("door.forgotTitle")}>
      <Show when={!done()} fallback={<p role="status">{t("door.passwordSet")}</p>}>
        <form class="signin-form" onSubmit={submit}>
          <TextField
            label={t("door.newPassword")}
            hint={t("door.passwordHint")}
            type="password"
            autocomplete="new-password"
            minlength={8}
            required
            autofocus
            value={password()}
            onInput={setPassword}
            error={sending.error()?.faultOf("password")?.message}
          />
          <Show when={sending.error()?.status === 403}>
            <p class="field-error" role="alert">
              {t("door.broken")}
            </p>
          </Show>
          <Button look="primary" size="large" type="submit" busy={sending.busy()}>
            {t("door.setPassword")}
          </Button>
        </form>
      </Show>
      <A href={done() ? "/signin" : "/forgot"}>{done() ? t("door.back") : t("door.sendLink")}</A>
    </Door>
  );
}
