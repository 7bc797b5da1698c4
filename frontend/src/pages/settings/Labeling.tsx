/** The labeling config of a project that may have annotations already: what they use is carried along. */
import { useQueryClient } from "@tanstack/solid-query";
import { createResource, createSignal, lazy, onCleanup, Show, Suspense } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about } from "../../api/queries";
import type { ConfigEditPlan, Job, Project } from "../../api/types";
import { useCommands } from "../../app/commands";
import { locale, t } from "../../app/i18n";
import { followJob, isActive, jobs, onJobEnd } from "../../app/jobs";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/toasts";
import { ConfigEditor } from "../create/ConfigEditor";
import { createConfigCheck } from "../create/configCheck";
import { Preview, Workspace } from "../playground/Workspace";
import { fetchWords as fetchEditorWords } from "../playground/words";
import { lossesOf } from "./carryOver";
import { SaveBar } from "./General";
import { LeaveGuard } from "./LeaveGuard";
import { createSaving } from "./save";
import { say } from "./words";

const CarryOver = lazy(() => import("./CarryOver").then(({ CarryOver }) => ({ default: CarryOver })));

export function Labeling(props: { project: Project; mayChange: boolean }) {
  const [spoken] = createResource(locale, fetchEditorWords);
  return (
    <Show when={spoken()}>
      <LabelingConfig project={props.project} mayChange={props.mayChange} />
    </Show>
  );
}

function LabelingConfig(props: { project: Project; mayChange: boolean }) {
  const [edited, setEdited] = createSignal<string | null>(null);
  const config = () => edited() ?? props.project.label_config;
  const dirty = () => config() !== props.project.label_config;
  const check = createConfigCheck(config);
  const saving = createSaving(() => props.project.id);
  const blocked = () => check.state() === "faulty";

  const [plan, setPlan] = createSignal<ConfigEditPlan | null>(null);
  const client = useQueryClient();
  const path = () => ({ project_id: props.project.id });

  const save = async () => {
    if (!props.mayChange || !dirty() || blocked() || saving.busy()) return;
    const planned = await planOf(config());
    if (planned && lossesOf(planned).length > 0) setPlan(planned);
    else if (await saving.save({ label_config: config() })) setEdited(null);
  };
  /** What saving would do; without an answer saving itself will tell what is wrong. */
  const planOf = (label_config: string) =>
    ok(
      api.POST("/api/projects/{project_id}/config-edits/plan/", {
        params: { path: path() },
        body: { label_config },
      }),
    ).catch(() => null);
  const started = (job: Job) => {
    setPlan(null);
    setEdited(null);
    followJob(job);
    toast(say("carry.started"));
  };
  onCleanup(
    onJobEnd((job) => {
      if (job.project === props.project.id && isConfigJob(job))
        void client.invalidateQueries({ queryKey: about.project(props.project.id) });
    }),
  );
  const mine = () => jobs().filter((job) => job.project === props.project.id && isConfigJob(job));
  const running = () => mine().find(isActive);
  /** The change that can be taken back: the one that made the present version. */
  const undoable = () =>
    mine().find(
      ({ kind, state, result }) =>
        kind === "config_edit" &&
        state === "completed" &&
        result.config_version === props.project.config_version,
    );
  const takeBack = async (job: Job) => {
    try {
      const params = { path: { ...path(), job_id: job.id } };
      followJob(await ok(api.POST("/api/projects/{project_id}/config-edits/{job_id}/undo/", { params })));
      toast(say("carry.undoStarted"));
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    }
  };
  useCommands(() =>
    props.mayChange
      ? [
          {
            id: "labeling-save",
            title: t("action.save"),
            group: t("app.settings"),
            keys: "$mod+S",
            icon: "check",
            run: () => void save(),
          },
        ]
      : [],
  );

  return (
    <div class="labeling">
      <p class="muted">{t("settings.labelingHint")}</p>
      <Show when={running()}>
        <p role="status">{say("carry.running")}</p>
      </Show>
      <Show when={props.mayChange && !running() && undoable()}>
        {(job) => (
          <p class="carry-undo">
            <span>{say("carry.done", { count: Number(job().result.rewritten ?? 0) })}</span>
            <Button onClick={() => void takeBack(job())}>{say("carry.undo")}</Button>
          </p>
        )}
      </Show>
      <Workspace
        editor={
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            <ConfigEditor config={config()} onInput={setEdited} check={check} labelHidden />
            <Show when={props.mayChange}>
              <SaveBar
                dirty={dirty()}
                busy={saving.busy()}
                blocked={blocked()}
                error={saving.error()?.message}
                onUndo={() => setEdited(null)}
              />
            </Show>
          </form>
        }
        preview={<Preview check={check} project={props.project} />}
      />
      <LeaveGuard dirty={props.mayChange && dirty()} />
      <Suspense>
        <Show when={plan()}>
          {(planned) => (
            <CarryOver
              project={props.project.id}
              config={config()}
              plan={planned()}
              onStarted={started}
              onClose={() => setPlan(null)}
            />
          )}
        </Show>
      </Suspense>
    </div>
  );
}

const isConfigJob = ({ kind }: Job): boolean => kind === "config_edit" || kind === "config_undo";
