/** From files, or pasted text, to tasks: choose, send, watch. Closing the window stops nothing on the server. */
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import type { Job, OnProblem, Project } from "../../api/types";
import { type FileUpload, Uploads } from "../../api/uploads";
import { formatBytes, t } from "../../app/i18n";
import { cancelJob, followJob, isActive, jobOf } from "../../app/jobs";
import { JobProblems, JobRow } from "../../app/shell/JobRow";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { DropZone } from "../../ui/DropZone";
import { TextArea } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Progress } from "../../ui/Progress";
import { Segmented } from "../../ui/Segmented";
import { ImportPreview, previewOf } from "./ImportPreview";
import { pastedFile } from "./pasted";

type Step = "choose" | "sending" | "importing";

export default function ImportDialog(props: { open: boolean; project: Project; onClose: () => void }) {
  const [source, setSource] = createSignal<"files" | "paste" | "web">("files");
  const [files, setFiles] = createSignal<readonly File[]>([]);
  const [text, setText] = createSignal("");
  const [addresses, setAddresses] = createSignal("");
  const [onProblem, setOnProblem] = createSignal<OnProblem>("refuse");
  const [sent, setSent] = createSignal<readonly FileUpload[]>([]);
  const [step, setStep] = createSignal<Step>("choose");
  const [jobId, setJobId] = createSignal<number | null>(null);
  const [error, setError] = createSignal<string | null>(null);
  let uploads: Uploads | null = null;
  let checksOnly = false;

  const job = () => jobOf(jobId());
  const failures = () => sent().filter((file) => file.state === "failed");
  const urls = () => addresses().split(/\s+/).filter(Boolean);
  const ready = () =>
    source() === "files" ? files().length > 0 : source() === "web" ? urls().length > 0 : text().trim() !== "";
  const preview = () => previewOf(job());

  const hasProblems = () => (job()?.problem_count ?? 0) > 0;

  const reset = () => {
    uploads?.cancel();
    uploads = null;
    setFiles([]);
    setText("");
    setAddresses("");
    setOnProblem("refuse");
    setSent([]);
    setJobId(null);
    setError(null);
    setStep("choose");
  };
  const close = () => {
    // A job goes on without us; an upload would leave half a file.
    if (step() !== "choose") reset();
    props.onClose();
  };

  const begin = (dryRun: boolean) => {
    checksOnly = dryRun;
    if (source() === "web") return void start({ urls: urls() });
    const chosen = source() === "files" ? files() : [pastedFile(text())];
    const made = new Uploads({ project: props.project.id, files: chosen, onChange: setSent });
    uploads = made;
    setSent(made.files);
    void send(made);
  };
  /** Sends what is not there yet; with everything there, the import starts. */
  const send = async (own: Uploads) => {
    setStep("sending");
    setError(null);
    await own.run();
    if (uploads !== own) return;
    if (own.ids.length < own.files.length) return;
    await start({ upload_ids: own.ids });
  };
  /** Begins the job over what is there: one that only looks, or the import itself. */
  const start = async (what: { upload_ids?: number[]; urls?: string[] }) => {
    setStep("sending");
    setError(null);
    try {
      const started = await ok(
        api.POST("/api/projects/{project_id}/imports/", {
          params: { path: { project_id: props.project.id } },
          body: { ...what, dry_run: checksOnly, on_problem: onProblem() },
        }),
      );
      followJob(started);
      setJobId(started.id);
      setStep("importing");
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    }
  };
  const again = () => {
    if (source() === "web") void start({ urls: urls() });
    else if (uploads) void send(uploads);
  };
  const confirm = () => {
    checksOnly = false;
    again();
  };

  return (
    <Dialog
      open={props.open}
      onClose={close}
      title={t("import.title", { title: props.project.title })}
      footer={
        <Switch>
          <Match when={step() === "choose"}>
            <Button onClick={close}>{t("action.cancel")}</Button>
            <Button icon="search" disabled={!ready()} onClick={() => begin(true)}>
              {t("import.check")}
            </Button>
            <Button look="primary" icon="upload" disabled={!ready()} onClick={() => begin(false)}>
              {source() === "files" && files().length > 0
                ? t("import.startFiles", { count: files().length })
                : t("import.start")}
            </Button>
          </Match>
          <Match when={step() === "sending"}>
            <Button onClick={reset}>{t("action.cancel")}</Button>
            <Show when={failures().length > 0 || error()}>
              <Button look="primary" icon="refresh-cw" onClick={again}>
                {t("action.retry")}
              </Button>
            </Show>
          </Match>
          <Match when={step() === "importing"}>
            <Show when={preview()} fallback={<ImportedActions job={job()} onAgain={reset} onClose={close} />}>
              {(found) => (
                <>
                  <Button onClick={reset}>{t("import.back")}</Button>
                  <Button
                    look="primary"
                    icon="upload"
                    disabled={found().count === 0 || (hasProblems() && onProblem() === "refuse")}
                    onClick={confirm}
                  >
                    {t("import.start")}
                  </Button>
                </>
              )}
            </Show>
          </Match>
        </Switch>
      }
    >
      <Switch>
        <Match when={step() === "choose"}>
          <div class="import">
            <Segmented
              label={t("import.source")}
              options={[
                { value: "files", label: t("import.files") },
                { value: "paste", label: t("import.paste") },
                { value: "web", label: t("import.web") },
              ]}
              value={source()}
              onChange={setSource}
            />
            <Show when={source() === "paste"}>
              <TextArea
                label={t("import.pasteLabel")}
                hint={t("import.pasteHint")}
                rows={10}
                spellcheck={false}
                value={text()}
                onInput={setText}
              />
            </Show>
            <Show when={source() === "web"}>
              <TextArea
                label={t("import.webLabel")}
                hint={t("import.webHint")}
                rows={6}
                spellcheck={false}
                value={addresses()}
                onInput={setAddresses}
              />
            </Show>
            <Show when={source() === "files"}>
              <DropZone
                title={t("import.drop")}
                hint={t("import.kinds")}
                onFiles={(added) => setFiles((all) => [...all, ...added])}
              />
              <ChosenFiles
                files={files()}
                onRemove={(file) => setFiles((all) => all.filter((other) => other !== file))}
              />
            </Show>
          </div>
        </Match>
        <Match when={step() === "sending"}>
          <Sending files={sent()} error={error()} />
        </Match>
        <Match when={job()}>
          {(found) => (
            <div class="import">
              <ul>
                <JobRow job={found()} />
              </ul>
              <Show when={preview()} fallback={<Outcome job={found()} />}>
                {(shown) => <ImportPreview preview={shown()} />}
              </Show>
              <JobProblems job={found()} />
              <Show when={preview() && hasProblems()}>
                <div class="import-choice">
                  <h3>{t("import.onProblem")}</h3>
                  <Segmented
                    label={t("import.onProblem")}
                    options={[
                      { value: "refuse", label: t("import.refuse") },
                      { value: "skip_files", label: t("import.skipFiles") },
                      { value: "skip_rows", label: t("import.skipRows") },
                    ]}
                    value={onProblem()}
                    onChange={setOnProblem}
                  />
                </div>
              </Show>
            </div>
          )}
        </Match>
      </Switch>
    </Dialog>
  );
}

function ImportedActions(props: { job: Job | undefined; onAgain: () => void; onClose: () => void }) {
  const running = () => props.job !== undefined && isActive(props.job);
  return (
    <Show
      when={running()}
      fallback={
        <>
          <Button onClick={props.onAgain}>{t("import.more")}</Button>
          <Button look="primary" onClick={props.onClose}>
            {t("action.done")}
          </Button>
        </>
      }
    >
      <Button onClick={() => void cancelJob(props.job?.id ?? 0)}>{t("import.cancel")}</Button>
      <Button look="primary" onClick={props.onClose}>
        {t("import.background")}
      </Button>
    </Show>
  );
}

function Outcome(props: { job: Job }) {
  const tasks = () => props.job.result.task_count;
  return (
    <Show when={props.job.state === "completed" && typeof tasks() === "number"}>
      <p class="import-outcome" role="status">
        <Icon name="circle-check" />
        {t("import.outcome", { count: Number(tasks()) })}
      </p>
    </Show>
  );
}

function ChosenFiles(props: { files: readonly File[]; onRemove: (file: File) => void }) {
  return (
    <ul class="import-files">
      <For each={props.files.slice(0, 200)}>
        {(file) => (
          <li>
            <Icon name="file" />
            <span class="import-name">{file.name}</span>
            <span class="muted tabular">{formatBytes(file.size)}</span>
            <Button
              look="quiet"
              size="small"
              icon="x"
              label={t("import.remove", { name: file.name })}
              onClick={() => props.onRemove(file)}
            />
          </li>
        )}
      </For>
      <Show when={props.files.length > 200}>
        <li class="muted">{t("import.moreFiles", { count: props.files.length - 200 })}</li>
      </Show>
    </ul>
  );
}

function Sending(props: { files: readonly FileUpload[]; error: string | null }) {
  const bytes = () => props.files.reduce((sum, file) => sum + file.size, 0);
  const arrived = () => props.files.reduce((sum, file) => sum + file.sent, 0);
  const open = () => props.files.filter((file) => file.state !== "done");
  return (
    <div class="import">
      <div class="import-total">
        <p role="status">
          {t("import.sending", { count: props.files.length })}
          <span class="muted tabular">
            {t("import.bytes", { done: formatBytes(arrived()), total: formatBytes(bytes()) })}
          </span>
        </p>
        <Progress
          label={t("import.sending", { count: props.files.length })}
          done={arrived()}
          total={bytes()}
        />
      </div>
      <Show when={props.error}>
        <p class="field-error" role="alert">
          {props.error}
        </p>
      </Show>
      <ul class="import-files">
        <For each={open().slice(0, 50)}>
          {(file) => (
            <li data-failed={file.state === "failed" ? "" : undefined}>
              <Icon name={file.state === "failed" ? "triangle-alert" : "file"} />
              <span class="import-name">
                {file.name}
                <Show when={file.error}>
                  <span class="field-error">{file.error}</span>
                </Show>
              </span>
              <span class="muted tabular">{file.size ? Math.round((100 * file.sent) / file.size) : 0} %</span>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
