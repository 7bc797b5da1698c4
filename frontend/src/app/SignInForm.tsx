/** Email and password. Used by the sign-in page, and over a page whose session has run out. */
import { createSignal, Show } from "solid-js";
import { errorOfThrown } from "../api/errors";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { currentUser, signIn } from "./auth";
import { t } from "./i18n";
import "./SignInForm.css";

export function SignInForm(props: { onDone?: () => void }) {
  const [email, setEmail] = createSignal(currentUser()?.email ?? "");
  const [password, setPassword] = createSignal("");
  const [error, setError] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    setError(null);
    try {
      await signIn(email(), password());
      props.onDone?.();
    } catch (thrown) {
      const { status, message } = errorOfThrown(thrown);
      setError(status === 400 || status === 401 ? t("signin.wrong") : message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="signin-form" onSubmit={submit}>
      <TextField
        label={t("signin.email")}
        type="email"
        name="email"
        autocomplete="username"
        required
        autofocus={!email()}
        value={email()}
        onInput={setEmail}
      />
      <TextField
        label={t("signin.password")}
        type="password"
        name="password"
        autocomplete="current-password"
        required
        autofocus={!!email()}
        value={password()}
        onInput={setPassword}
      />
      <Show when={error()}>
        <p class="field-error" role="alert">
          {error()}
        </p>
      </Show>
      <Button look="primary" size="large" type="submit" busy={busy()}>
        {t("signin.submit")}
      </Button>
    </form>
  );
}
