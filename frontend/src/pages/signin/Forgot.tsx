/** Asks for a link by which a new password can be set. The answer is the same for every address. */
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { createSending } from "../../app/sending";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Door } from "./Door";

export default function ForgotPage() {
  useTitle(() => t("door.forgotTitle"));
  const [email, setEmail] = createSignal("");
  const [sent, setSent] = createSignal(false);
  const sending = createSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { email: email() };
    if (await sending.send(() => ok(api.POST("/api/password-reset/", { body })))) setSent(true);
  };
  return (
    <Door title={t("door.forgotTitle")} hint={sent() ? undefined : t("door.forgotHint")}>
      <Show when={!sent()} fallback={<p role="status">{t("door.sent")}</p>}>
        <form class="signin-form" onSubmit={submit}>
          <TextField
            label={t("signin.email")}
            type="email"
            autocomplete="username"
            required
            autofocus
            value={email()}
            onInput={setEmail}
            error={sending.error()?.message}
          />
          <Button look="primary" size="large" type="submit" busy={sending.busy()}>
            {t("door.sendLink")}
          </Button>
        </form>
      </Show>
      <A href="/signin">{t("door.back")}</A>
    </Door>
  );
}
