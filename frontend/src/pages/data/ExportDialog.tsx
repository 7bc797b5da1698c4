/** Takes the annotations out: choose a form, watch it being made, get the file; earlier ones stay at hand. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, exportsQuery, formatsQuery } from "../../api/queries";
import type { ExportFormat, ExportSnapshot, Project } from "../../api/types";
import { formatAgo, formatNumber, t } from "../../app/i18n";
import { followJobs } from "../../app/jobs";
import { Badge } from "../../ui/Badge";
import { Button, LinkButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Loaded } from "../../ui/Loaded";
import { Progress } from "../../ui/Progress";
import { Segmented } from "../../ui/Segmented";
import { toast } from "../../ui/toasts";
import { ExportFilters } from "./ExportFilters";
import { exportBody, noFilter, type Which } from "./exportFilter";

const pollMs = 1_000;
const isMaking = (snapshot: ExportSnapshot) =>
  snapshot.status === "created" || snapshot.status === "in_progress";

const downloadPath = (project: number, snapshot: ExportSnapshot) =>
  `/api/projects/${project}/exports/${snapshot.id}/download?exportType=${encodeURIComponent(snapshot.export_type ?? "JSON")}`;

export default function ExportDialog(props: { project: Project; onClose: () => void }) {
  const client = useQueryClient();
  const id = () => props.project.id;
  const formats = useQuery(() => formatsQuery(id()));
  const snapshots = useQuery(() => ({
    ...exportsQuery(id()),
    refetchInterval: (query: { state: { data: ExportSnapshot[] | undefined } }) =>
      query.state.data?.some(isMaking) ? pollMs : false,
  }));
  const [format, setFormat] = createSignal("JSON");
  const [which, setWhich] = createSignal<"labeled" | "all">("labeled");
  const [annotations, setAnnotations] = createSignal<Which>("all");
  const [filter, setFilter] = createSignal(noFilter);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string | null>(null);
  /** The one asked for here: it is downloaded by itself as soon as it is ready. */
  const [awaited, setAwaited] = createSignal<number | null>(null);

  createEffect(() => {
    const made = snapshots.isSuccess
      ? snapshots.data.find((snapshot) => snapshot.id === awaited())
      : undefined;
    if (!made || isMaking(made)) return;
    setAwaited(null);
    if (made.status === "completed") location.assign(downloadPath(id(), made));
    else setError(t("job.failedToast", { job: made.title }));
  });

  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = exportBody(format(), which(), annotations(), filter());
      const made = await ok(
        api.POST("/api/projects/{project_id}/exports/", { params: { path: { project_id: id() } }, body }),
      );
      setAwaited(made.id);
      // The tray has an eye on it from here on, also when this window is closed.
      void followJobs(id());
      await client.invalidateQueries({ queryKey: about.exports(id()) });
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  const remove = async (snapshot: ExportSnapshot) => {
    try {
      const path = { project_id: id(), export_id: snapshot.id };
      await ok(api.DELETE("/api/projects/{project_id}/exports/{export_id}/", { params: { path } }));
      await client.invalidateQueries({ queryKey: about.exports(id()) });
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    }
  };

  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t("export.title", { title: props.project.title })}
      footer={
        <>
          <Show when={error()}>
            <p class="field-error export-error" role="alert">
              {error()}
            </p>
          </Show>
          <Button onClick={props.onClose}>{t("action.close")}</Button>
          <Button
            look="primary"
            icon="download"
            busy={busy() || awaited() !== null}
            onClick={() => void start()}
          >
            {t("export.start")}
          </Button>
        </>
      }
    >
      <div class="export">
        <Segmented
          label={t("export.which")}
          options={[
            { value: "labeled", label: t("export.labeled") },
            { value: "all", label: t("export.all") },
          ]}
          value={which()}
          onChange={setWhich}
        />
        <Segmented
          label={t("export.annotations")}
          options={[
            { value: "all", label: t("export.everyAnnotation") },
            { value: "latest", label: t("export.latest") },
            { value: "majority", label: t("export.majority") },
          ]}
          value={annotations()}
          onChange={setAnnotations}
        />
        <ExportFilters project={props.project} filter={filter()} onChange={setFilter} />
        <Loaded query={formats}>
          {(list) => <Formats formats={list()} chosen={format()} onChoose={setFormat} />}
        </Loaded>
        <section>
          <h3>{t("export.earlier")}</h3>
          <Loaded query={snapshots}>
            {(list) => (
              <Show when={list().length > 0} fallback={<p class="muted">{t("export.none")}</p>}>
                <ul class="exports">
                  <For each={list()}>
                    {(snapshot) => (
                      <Snapshot project={id()} snapshot={snapshot} onDelete={() => void remove(snapshot)} />
                    )}
                  </For>
                </ul>
              </Show>
            )}
          </Loaded>
        </section>
      </div>
    </Dialog>
  );
}

function Formats(props: {
  formats: readonly ExportFormat[];
  chosen: string;
  onChoose: (name: string) => void;
}) {
  const fitting = () =>
    [...props.formats].sort((a, b) => Number(a.disabled ?? false) - Number(b.disabled ?? false));
  return (
    <fieldset class="formats">
      <legend class="field-label">{t("export.format")}</legend>
      <For each={fitting()}>
        {(format) => (
          <label class="format" data-disabled={format.disabled ? "" : undefined}>
            <input
              type="radio"
              name="format"
              value={format.name}
              checked={format.name === props.chosen}
              disabled={format.disabled ?? false}
              onChange={() => props.onChoose(format.name)}
            />
            <span>
              <strong>{format.title}</strong>
              <span class="muted">{format.disabled ? t("export.unfit") : format.description}</span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}

function Snapshot(props: { project: number; snapshot: ExportSnapshot; onDelete: () => void }) {
  const making = () => isMaking(props.snapshot);
  return (
    <li>
      <div class="export-name">
        <span>{props.snapshot.title}</span>
        <span class="muted export-facts">
          {props.snapshot.export_type ?? "JSON"} · {formatAgo(props.snapshot.created_at)}
          <Show when={props.snapshot.counters.task_number}>
            {(count) => <> · {t("count.tasks", { count: count() })}</>}
          </Show>
        </span>
        <Losses snapshot={props.snapshot} />
        <Show when={making()}>
          <Progress
            label={props.snapshot.title}
            done={props.snapshot.progress?.done ?? 0}
            total={props.snapshot.progress?.total ?? null}
          />
        </Show>
      </div>
      <Show when={props.snapshot.status === "failed"}>
        <Badge tone="danger">{t("job.failed")}</Badge>
      </Show>
      <Show when={props.snapshot.status === "completed"}>
        <LinkButton
          look="quiet"
          size="small"
          icon="download"
          label={t("export.download", { title: props.snapshot.title })}
          href={downloadPath(props.project, props.snapshot)}
          rel="external"
          download=""
        />
      </Show>
      <Button
        look="quiet"
        size="small"
        icon="trash-2"
        disabled={making()}
        label={t("export.delete", { title: props.snapshot.title })}
        onClick={props.onDelete}
      />
    </li>
  );
}

/** What the format could not carry, in the server's words, with how often. */
function Losses(props: { snapshot: ExportSnapshot }) {
  const lost = () =>
    props.snapshot.converted_formats
      .filter((made) => made.export_type === (props.snapshot.export_type ?? "JSON"))
      .flatMap((made) => Object.entries(made.losses ?? {}));
  return (
    <Show when={lost().length > 0}>
      <details class="export-losses">
        <summary>{t("export.losses", { count: lost().length })}</summary>
        <ul>
          <For each={lost()}>
            {([reason, { count }]) => (
              <li>
                {reason} <span class="muted tabular">× {formatNumber(count)}</span>
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  );
}
