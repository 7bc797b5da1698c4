/** One's own settings: name, key for scripts, look, language, keys. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, lazy, Show, Suspense } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { tokenQuery } from "../../api/queries";
import type { CurrentUser } from "../../api/types";
import { currentUser, updateUser } from "../../app/auth";
import { setSingleKeys, singleKeys } from "../../app/hotkeys";
import { type Locale, locale, locales, setLocale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { createSending } from "../../app/sending";
import { setTheme, theme, themes } from "../../app/theme";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Checkbox, TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { Picture } from "./Picture";
import "../page.css";
import "./settings.css";

const KeyEditor = lazy(() => import("../keys/KeyEditor"));

export default function AccountPage() {
  useTitle(() => t("account.title"));
  return (
    <div class="page account">
      <div class="page-head">
        <h1>{t("account.title")}</h1>
      </div>
      <Show when={currentUser()} keyed>
        {(user) => <Profile user={user} />}
      </Show>
      <ApiKey />
      <Look />
      <Show when={currentUser()} keyed>
        {(user) => <OwnData email={user.email} />}
      </Show>
    </div>
  );
}

function Profile(props: { user: CurrentUser }) {
  const [first, setFirst] = createSignal(props.user.first_name);
  const [last, setLast] = createSignal(props.user.last_name);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string | null>(null);
  const dirty = () => first() !== props.user.first_name || last() !== props.user.last_name;

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy() || !dirty()) return;
    setBusy(true);
    setError(null);
    try {
      const body = { first_name: first().trim(), last_name: last().trim() };
      await ok(api.PATCH("/api/users/{user_id}/", { params: { path: { user_id: props.user.id } }, body }));
      updateUser(body);
      toast(t("settings.saved"), { tone: "success" });
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="panel form" onSubmit={save}>
      <div>
        <h2>{t("account.profile")}</h2>
        <p class="muted">{props.user.email}</p>
      </div>
      <Picture user={props.user} />
      <div class="account-names">
        <TextField
          label={t("account.firstName")}
          autocomplete="given-name"
          value={first()}
          onInput={setFirst}
        />
        <TextField
          label={t("account.lastName")}
          autocomplete="family-name"
          value={last()}
          onInput={setLast}
        />
      </div>
      <div class="form-actions">
        <Button type="submit" look="primary" busy={busy()} disabled={!dirty()}>
          {t("action.save")}
        </Button>
        <Show when={error()}>
          <p class="field-error" role="alert">
            {error()}
          </p>
        </Show>
      </div>
    </form>
  );
}

function ApiKey() {
  const client = useQueryClient();
  const query = useQuery(() => ({ ...tokenQuery(), retry: false }));
  const [shown, setShown] = createSignal(false);
  const [asking, setAsking] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();

  const copy = async (token: string) => {
    try {
      await navigator.clipboard.writeText(token);
      toast(t("account.copied"), { tone: "success" });
    } catch {
      setShown(true);
      toast(t("account.copyFailed"), { tone: "danger" });
    }
  };
  const reset = async () => {
    setBusy(true);
    setError(undefined);
    try {
      client.setQueryData(tokenQuery().queryKey, await ok(api.POST("/api/current-user/reset-token/")));
      setAsking(false);
      toast(t("account.keyReset"), { tone: "success" });
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section class="panel form">
      <div>
        <h2>{t("account.key")}</h2>
        <p class="muted">{t("account.keyHint")}</p>
      </div>
      <Loaded query={query}>
        {(answer) => (
          <div class="account-key">
            <code data-shown={shown() ? "" : undefined}>
              {shown() ? answer().token : "•".repeat(Math.min(40, answer().token.length))}
            </code>
            <Button icon="eye" aria-pressed={shown()} onClick={() => setShown(!shown())}>
              {shown() ? t("account.hide") : t("account.show")}
            </Button>
            <Button icon="copy" onClick={() => void copy(answer().token)}>
              {t("account.copy")}
            </Button>
            <Button icon="refresh-cw" onClick={() => setAsking(true)}>
              {t("account.reset")}
            </Button>
          </div>
        )}
      </Loaded>
      <Confirm
        open={asking()}
        title={t("account.resetTitle")}
        action={t("account.reset")}
        cancel={t("action.cancel")}
        busy={busy()}
        error={error()}
        onClose={() => setAsking(false)}
        onConfirm={() => void reset()}
      >
        <p>{t("account.resetHint")}</p>
      </Confirm>
    </section>
  );
}

/** What is kept about oneself: to have it, and to have it gone. */
function OwnData(props: { email: string }) {
  const [asking, setAsking] = createSignal(false);
  const [password, setPassword] = createSignal("");
  const sending = createSending();

  /** Makes the archive by a job, and fetches it when it is there. */
  const making = createSending();
  const download = async () => {
    const made = await making.send(async () => {
      const { id } = await ok(api.POST("/api/current-user/data/archive/"));
      for (;;) {
        const { state } = await ok(api.GET("/api/jobs/{job_id}/", { params: { path: { job_id: id } } }));
        if (state === "failed" || state === "cancelled") throw new Error(t("ui.failed"));
        if (state === "completed") {
          window.location.assign(`/api/current-user/data/archive/${id}/`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    });
    if (!made) toast(making.error()?.message ?? "", { tone: "danger" });
  };
  const erase = async () => {
    const body = { email: props.email, password: password() };
    if (await sending.send(() => ok(api.POST("/api/current-user/erase/", { body }))))
      window.location.assign("/signin");
  };

  return (
    <section class="panel form">
      <div>
        <h2>{t("account.data")}</h2>
        <p class="muted">{t("account.dataHint")}</p>
      </div>
      <div class="form-actions">
        <Button icon="download" busy={making.busy()} onClick={() => void download()}>
          {t("account.download")}
        </Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          {t("account.erase")}
        </Button>
      </div>
      <Confirm
        open={asking()}
        title={t("account.eraseTitle")}
        action={t("account.erase")}
        cancel={t("action.cancel")}
        typed={{ text: props.email, label: t("account.eraseType") }}
        busy={sending.busy()}
        error={sending.error()?.message}
        onClose={() => setAsking(false)}
        onConfirm={() => void erase()}
      >
        <div class="form">
          <p>{t("account.eraseHint")}</p>
          <TextField
            label={t("signin.password")}
            type="password"
            autocomplete="current-password"
            value={password()}
            onInput={setPassword}
          />
        </div>
      </Confirm>
    </section>
  );
}

function Look() {
  const speak = (next: Locale) =>
    void setLocale(next).catch(() => toast(t("account.languageFailed"), { tone: "danger" }));
  const languages = Object.entries(locales) as [Locale, string][];
  const [keys, setKeys] = createSignal(false);
  return (
    <section class="panel form">
      <h2>{t("account.look")}</h2>
      <div class="account-row">
        <span class="field-label" aria-hidden="true">
          {t("theme.title")}
        </span>
        <Segmented
          label={t("theme.title")}
          options={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
          value={theme()}
          onChange={setTheme}
        />
      </div>
      <div class="account-language">
        <Select
          label={t("account.language")}
          options={languages.map(([value, label]) => ({ value, label }))}
          value={locale()}
          onChange={speak}
        />
      </div>
      <Checkbox
        look="switch"
        label={t("account.singleKeys")}
        hint={t("account.singleKeysHint")}
        checked={singleKeys()}
        onChange={setSingleKeys}
      />
      <div class="form-actions">
        <Button icon="keyboard" onClick={() => setKeys(true)}>
          {t("account.changeKeys")}
        </Button>
      </div>
      <Suspense>
        <Show when={keys()}>
          <KeyEditor onClose={() => setKeys(false)} />
        </Show>
      </Suspense>
    </section>
  );
}
