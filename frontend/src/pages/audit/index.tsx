/** The audit log of the organization, for owners and administrators: searched, read on, exported. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, auditPages } from "../../api/queries";
import { currentUser } from "../../app/auth";
import { formatDate, formatNumber, locale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Button, LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { type AuditForm, everything, kindName, kinds, queryOf } from "./audit";
import { Record } from "./Record";
import { fetchWords, say } from "./words";
import "../page.css";
import "./audit.css";

export default function AuditPage() {
  useTitle(() => t("audit.title"));
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <div class="page audit">
        <Show
          when={currentUser()?.permissions.includes("audit.read")}
          fallback={
            <>
              <h1>{t("audit.title")}</h1>
              <EmptyState icon="info" title={say("closed")}>
                {say("closedHint")}
              </EmptyState>
            </>
          }
        >
          <Log />
        </Show>
      </div>
    </Show>
  );
}

function Log() {
  const client = useQueryClient();
  const [form, setForm] = createStore<AuditForm>({ ...everything });
  const [query, setQuery] = createSignal(queryOf(everything));
  const [busy, setBusy] = createSignal(false);
  const pages = useInfiniteQuery(() => auditPages(query()));

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  /** Ask a moment after the last key. */
  const change = (part: Partial<AuditForm>) => {
    setForm(part);
    clearTimeout(timer);
    timer = setTimeout(() => setQuery(queryOf({ ...form })), 250);
  };
  const isSearching = () => Object.values(form).some(Boolean);

  const seal = async () => {
    setBusy(true);
    try {
      await ok(api.POST("/api/audit/seal/", {}));
      await client.invalidateQueries({ queryKey: about.audit });
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <div class="page-head">
        <div class="audit-title">
          <h1>{t("audit.title")}</h1>
          <p class="muted">{say("hint")}</p>
        </div>
        <Button icon="refresh-cw" busy={busy()} onClick={() => void seal()}>
          {say("seal")}
        </Button>
        <LinkButton href="/api/audit/export/" icon="download" target="_self" download="">
          {say("export")}
        </LinkButton>
      </div>
      <search class="panel audit-search">
        <Select
          label={say("kind")}
          options={[
            { value: "every", label: say("every") },
            ...kinds.map((value) => ({ value: value as string, label: kindName(value) })),
          ]}
          value={form.kind || "every"}
          onChange={(kind) => change({ kind: kind === "every" ? "" : kind })}
        />
        <TextField label={say("id")} value={form.id} onInput={(id) => change({ id })} />
        <TextField
          label={say("user")}
          inputmode="numeric"
          value={form.user}
          onInput={(user) => change({ user: user.replace(/\D/g, "") })}
        />
        <TextField
          label={say("operation")}
          value={form.operation}
          onInput={(operation) => change({ operation })}
        />
        <TextField
          label={say("since")}
          type="date"
          value={form.since}
          onInput={(since) => change({ since })}
        />
        <TextField
          label={say("until")}
          type="date"
          value={form.until}
          onInput={(until) => change({ until })}
        />
      </search>
      <Loaded query={pages}>
        {(data) => (
          <>
            <p class="muted" aria-live="polite">
              {say("state", { count: data().pages[0]?.total ?? 0 })}{" "}
              <Show when={data().pages[0]?.signed_at}>
                {(at) =>
                  say("signed", {
                    number: formatNumber(data().pages[0]?.signed ?? 0),
                    when: formatDate(at()),
                  })
                }
              </Show>
            </p>
            <Show
              when={data().pages.some((page) => page.results.length > 0)}
              fallback={
                <EmptyState icon="search" title={isSearching() ? t("ui.noMatches") : say("empty")}>
                  {say("emptyHint")}
                </EmptyState>
              }
            >
              <ol class="panel audit-list">
                <For each={data().pages.flatMap((page) => page.results)}>
                  {(record) => <Record record={record} />}
                </For>
              </ol>
            </Show>
            <Show when={pages.hasNextPage}>
              <Button
                class="audit-more"
                busy={pages.isFetchingNextPage}
                onClick={() => void pages.fetchNextPage()}
              >
                {say("more")}
              </Button>
            </Show>
          </>
        )}
      </Loaded>
    </>
  );
}
