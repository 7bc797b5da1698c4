/** One flag: what it is for, how it is rolled out, who met it, and who decided. */
import { useQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { flagChangesQuery } from "../../api/queries";
import type { Flag, FlagChange } from "../../api/types";
import { t } from "../../app/i18n";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Segmented } from "../../ui/Segmented";
import { toast } from "../../ui/toasts";
import { bodyOf, formOf } from "./rollout";

const states = ["off", "default", "rules", "on"] as const;
const tones = { off: "danger", default: "neutral", rules: "accent", on: "success" } as const;

export function FlagCard(props: { flag: Flag; onChanged: () => void }) {
  const [form, setForm] = createStore(formOf(props.flag));
  const [fault, setFault] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [changes, setChanges] = createSignal(false);

  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      const flag = props.flag;
      const headers = { "If-Match": `"${flag.version}"` };
      const params = { path: { name: flag.name }, header: headers };
      await ok(api.PUT("/api/flags/{name}/", { params, headers, body: bodyOf(form, flag) }));
      toast(t("flags.saved", { flag: flag.name }), { tone: "success" });
      props.onChanged();
    } catch (thrown) {
      const error = errorOfThrown(thrown);
      setFault(
        [error.message, ...error.faults.map(({ place, message }) => `${place}: ${message}`)].join(" "),
      );
    } finally {
      setBusy(false);
    }
  };

  const seen = () => Object.entries(props.flag.seen);
  return (
    <form class="panel flag" aria-label={props.flag.name} onSubmit={(event) => void save(event)}>
      <header class="flag-head">
        <h2>
          <code>{props.flag.name}</code>
        </h2>
        <Badge tone={tones[props.flag.state]}>{t(`flags.state.${props.flag.state}`)}</Badge>
      </header>
      <p>{props.flag.about}</p>
      <p class="muted">
        {t("flags.owner", { owner: props.flag.owner })} ·{" "}
        {props.flag.expires ? t("flags.expires", { day: props.flag.expires }) : t("flags.stays")} ·{" "}
        {t("flags.default", { value: String(props.flag.default) })}
      </p>
      <Segmented
        label={t("flags.state", { flag: props.flag.name })}
        options={states.map((value) => ({ value, label: t(`flags.state.${value}`) }))}
        value={form.state}
        onChange={(state) => setForm({ state })}
      />
      <Show when={form.state === "rules"}>
        <div class="flag-rule">
          <TextField
            label={t("flags.percentage")}
            type="number"
            min={0}
            max={100}
            step={0.01}
            value={form.percentage}
            onInput={(percentage) => setForm({ percentage })}
          />
          <TextField
            label={t("flags.organizations")}
            hint={t("flags.everyHint")}
            value={form.organizations}
            onInput={(organizations) => setForm({ organizations })}
          />
          <TextField
            label={t("flags.users")}
            hint={t("flags.everyHint")}
            value={form.users}
            onInput={(users) => setForm({ users })}
          />
          <TextField
            label={t("flags.begins")}
            type="datetime-local"
            value={form.begins}
            onInput={(begins) => setForm({ begins })}
          />
          <TextField
            label={t("flags.ends")}
            type="datetime-local"
            value={form.ends}
            onInput={(ends) => setForm({ ends })}
          />
        </div>
        <Show when={props.flag.rules.length > 1}>
          <p class="muted">{t("flags.further", { count: props.flag.rules.length - 1 })}</p>
        </Show>
      </Show>
      <Show when={seen().length}>
        <p class="muted">
          {t("flags.seen")}{" "}
          <For each={seen()}>
            {([value, count]) => (
              <span class="flag-count">
                {value}: {count}
              </span>
            )}
          </For>
        </p>
      </Show>
      <Show when={fault()}>
        <p class="flag-fault" role="alert">
          {fault()}
        </p>
      </Show>
      <div class="form-actions">
        <Button look="primary" type="submit" busy={busy()}>
          {t("flags.save")}
        </Button>
        <Button look="quiet" aria-expanded={changes()} onClick={() => setChanges(!changes())}>
          {t("flags.changes")}
        </Button>
      </div>
      <Show when={changes()}>
        <Changes flag={props.flag} />
      </Show>
    </form>
  );
}

function Changes(props: { flag: Flag }) {
  const changes = useQuery(() => flagChangesQuery(props.flag.name, props.flag.version));
  return (
    <Loaded query={changes}>
      {(listed) => (
        <ol class="flag-changes">
          <For each={listed()} fallback={<li class="muted">{t("flags.neverChanged")}</li>}>
            {(change) => <Change change={change} />}
          </For>
        </ol>
      )}
    </Loaded>
  );
}

function Change(props: { change: FlagChange }) {
  const shares = () => props.change.after.rules.map((rule) => `${rule.percentage ?? 100} %`).join(", ");
  return (
    <li>
      <time datetime={props.change.at}>{new Date(props.change.at).toLocaleString()}</time>{" "}
      <strong>{props.change.email}</strong> → {t(`flags.state.${props.change.after.state}`)}
      <Show when={props.change.after.state === "rules" && shares()}> ({shares()})</Show>
    </li>
  );
}
