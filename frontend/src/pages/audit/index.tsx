/** The audit log of the organization, for owners and administrators: searched, read on, exported. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, onCleanup, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, auditPages } from "../../api/queries";
import { currentUser } from "../../app/auth";
import { formatDate, formatNumber, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Button, LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { type AuditForm, everything, kindName, kinds, queryOf } from "./audit";
import { Record } from "./Record";
import "../page.css";
import "./audit.css";

export default function AuditPage() {
  useTitle(() => t("audit.title"));
  return (
    <div class="page audit">
      <Show
        when={currentUser()?.permissions?.includes("audit.read")}
        fallback={
          <>
            <h1>{t("audit.title")}</h1>
            <EmptyState icon="info" title={t("audit.closed")}>
              {t("audit.closedHint")}
            </EmptyState>
          </>
        }
      >
        <Log />
      </Show>
    </div>
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
          <p class="muted">{t("audit.hint")}</p>
        </div>
        <Button icon="refresh-cw" busy={busy()} onClick={() => void seal()}>
          {t("audit.seal")}
        </Button>
        <LinkButton href="/api/audit/export/" icon="download" target="_self" download="">
          {t("audit.export")}
        </LinkButton>
      </div>
      <search class="panel audit-search">
        <Select
          label={t("audit.kind")}
          options={[
            { value: "every", label: t("audit.every") },
            ...kinds.map((value) => ({ value: value as string, label: kindName(value) })),
          ]}
          value={form.kind || "every"}
          onChange={(kind) => change({ kind: kind === "every" ? "" : kind })}
        />
        <TextField label={t("audit.id")} value={form.id} onInput={(id) => change({ id })} />
        <TextField
          label={t("audit.user")}
          inputmode="numeric"
          value={form.user}
          onInput={(user) => change({ user: user.replace(/\D/g, "") })}
        />
        <TextField
          label={t("audit.operation")}
          value={form.operation}
          onInput={(operation) => change({ operation })}
        />
        <TextField
          label={t("audit.since")}
          type="date"
          value={form.since}
          onInput={(since) => change({ since })}
        />
        <TextField
          label={t("audit.until")}
          type="date"
          value={form.until}
          onInput={(until) => change({ until })}
        />
      </search>
      <Loaded query={pages}>
        {(data) => (
          <>
            <p class="muted" aria-live="polite">
              {t("audit.state", { count: data().pages[0]?.total ?? 0 })}{" "}
              <Show when={data().pages[0]?.signed_at}>
                {(at) =>
                  t("audit.signed", {
                    number: formatNumber(data().pages[0]?.signed ?? 0),
                    when: formatDate(at()),
                  })
                }
              </Show>
            </p>
            <Show
              when={data().pages.some((page) => page.results.length > 0)}
              fallback={
                <EmptyState icon="search" title={isSearching() ? t("ui.noMatches") : t("audit.empty")}>
                  {t("audit.emptyHint")}
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
                {t("audit.more")}
              </Button>
            </Show>
          </>
        )}
      </Loaded>
    </>
  );
}
