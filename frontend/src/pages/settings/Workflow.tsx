/** The states that the project's tasks go through, who may move them, and whether the project is open itself. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createMemo, createSignal, For, lazy, Show, Suspense } from "solid-js";
import { api, ok } from "../../api/client";
import { about, accessQuery, workflowPresetsQuery, workflowQuery } from "../../api/queries";
import type { Project, Workflow, WorkflowMachine, WorkflowPreset } from "../../api/types";
import { t } from "../../app/i18n";
import { allows } from "../../app/rights";
import { createSending } from "../../app/sending";
import { stateName, transitionName } from "../../app/workflow";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { SaveBar } from "./General";
import { LeaveGuard } from "./LeaveGuard";
import { ProjectState } from "./ProjectState";
import { type SettingsWords, say } from "./words";
import { type Mapping, mappingOf, unmapped } from "./workflow";
import "./workflow.css";

const WorkflowEditor = lazy(() => import("./WorkflowEditor"));

const OWN = "own";
const presetNames: Record<string, keyof SettingsWords> = {
  plain: "workflow.plain",
  review: "workflow.review",
};
const presetName = (name: string) => (presetNames[name] ? say(presetNames[name]) : name);

export function ProjectWorkflow(props: { project: Project }) {
  const presets = useQuery(workflowPresetsQuery);
  const workflow = useQuery(() => workflowQuery(props.project.id));
  const access = useQuery(() => accessQuery(props.project.id));
  const mayChange = () => access.isSuccess && allows(access.data.your_role, "manage");
  return (
    <Loaded query={workflow}>
      {(found) => (
        <Loaded query={presets}>
          {(offered) => (
            <div class="form">
              <ProjectState project={props.project} mayChange={mayChange()} />
              <Choice
                project={props.project.id}
                workflow={found()}
                presets={offered()}
                mayChange={mayChange()}
              />
            </div>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function Choice(props: {
  project: number;
  workflow: Workflow;
  presets: readonly WorkflowPreset[];
  mayChange: boolean;
}) {
  const client = useQueryClient();
  const sending = createSending();
  const kept = () => props.workflow.preset ?? OWN;
  const [chosen, setChosen] = createSignal<string | null>(null);
  const [mapping, setMapping] = createSignal<Mapping>({});
  /** What has been made of a workflow of one's own, step by step; empty while nothing was. */
  const [edits, setEdits] = createSignal<readonly WorkflowMachine[]>([]);
  const edited = createMemo(() => edits().at(-1));
  const preset = () => (edited() ? OWN : (chosen() ?? kept()));
  const shown = () =>
    edited() ?? props.presets.find(({ name }) => name === preset())?.workflow ?? props.workflow.workflow;
  const dirty = () => preset() !== kept() || edits().length > 1;
  const lost = () => (dirty() ? unmapped(props.workflow, shown()) : []);
  const undo = () => {
    setEdits([]);
    setChosen(null);
    setMapping({});
  };
  const save = async () => {
    if (!dirty() || !props.mayChange) return;
    const own = edited();
    const what = own ? { workflow: own } : { preset: preset() };
    const body = { ...what, states: mappingOf(lost(), mapping()) };
    const params = { path: { project_id: props.project } };
    const saved = await sending.send(async () => {
      const changed = await ok(api.PUT("/api/projects/{project_id}/workflow/", { params, body }));
      client.setQueryData(workflowQuery(props.project).queryKey, changed);
      const word = changed.is_following ? say("workflow.following") : t("settings.saved");
      toast(word, { tone: "success" });
    });
    if (!saved) return;
    undo();
    void client.invalidateQueries({ queryKey: about.tasks(props.project) });
  };
  const options = () => [
    ...(kept() === OWN || edited() ? [{ value: OWN, label: say("workflow.own") }] : []),
    ...props.presets.map(({ name }) => ({ value: name, label: presetName(name) })),
  ];

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="muted">{say("workflow.hint")}</p>
      <Show when={props.mayChange} fallback={<p>{presetName(preset())}</p>}>
        <Select
          label={t("settings.workflow")}
          options={options()}
          value={preset()}
          onChange={(name) => {
            // Told again with each new list of options: only another choice is one.
            if (name === preset()) return;
            setEdits([]);
            setChosen(name);
            setMapping({});
          }}
        />
      </Show>
      <Show when={lost().length > 0}>
        <section class="workflow-lost">
          <p>{say("workflow.lostHint")}</p>
          <For each={lost()}>
            {({ name, count, targets }) => (
              <Select
                label={stateName(name)}
                hint={t("count.tasks", { count })}
                options={targets.map((target) => ({ value: target, label: stateName(target) }))}
                value={mapping()[name] ?? targets[0] ?? ""}
                onChange={(target) => setMapping({ ...mapping(), [name]: target })}
              />
            )}
          </For>
        </section>
      </Show>
      <Show
        when={edited()}
        fallback={
          <>
            <States shown={shown()} tasks={dirty() ? {} : props.workflow.tasks} />
            <Transitions shown={shown()} />
            <Show when={props.mayChange}>
              <Button icon="settings" onClick={() => setEdits([shown()])}>
                {say("workflow.edit")}
              </Button>
            </Show>
          </>
        }
      >
        {(machine) => (
          <>
            <Button
              class="workflow-back"
              disabled={edits().length < 2}
              onClick={() => setEdits(edits().slice(0, -1))}
            >
              {say("workflow.stepBack")}
            </Button>
            <Suspense>
              <WorkflowEditor
                machine={machine()}
                faults={sending.error()?.faults ?? []}
                onChange={(next) => setEdits([...edits(), next])}
              />
            </Suspense>
          </>
        )}
      </Show>
      <Show when={props.mayChange}>
        <SaveBar dirty={dirty()} busy={sending.busy()} error={sending.error()?.message} onUndo={undo} />
        <LeaveGuard dirty={dirty()} />
      </Show>
    </form>
  );
}

function States(props: { shown: Workflow["workflow"]; tasks: Workflow["tasks"] }) {
  return (
    <section class="workflow-part">
      <h2>{say("workflow.states")}</h2>
      <ul class="panel workflow-list">
        <For each={props.shown.states}>
          {(state) => (
            <li>
              <Badge tone={state.final ? "success" : "neutral"}>{stateName(state.name, state.title)}</Badge>
              <Show when={state.final}>
                <span class="muted">{say("workflow.final")}</span>
              </Show>
              <Show when={state.refuses.includes("submit")}>
                <span class="muted">{say("workflow.closed")}</span>
              </Show>
              <Show when={props.tasks[state.name]}>
                {(count) => <span class="workflow-count">{t("count.tasks", { count: count() })}</span>}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

function Transitions(props: { shown: Workflow["workflow"] }) {
  const manual = () => props.shown.transitions.filter(({ on }) => on.length === 0);
  const titles = () => new Map(props.shown.states.map(({ name, title }) => [name, title]));
  const named = (name: string) => stateName(name, titles().get(name));
  return (
    <section class="workflow-part">
      <h2>{say("workflow.transitions")}</h2>
      <ul class="panel workflow-list">
        <For each={manual()} fallback={<li class="muted">{say("workflow.noTransitions")}</li>}>
          {(way) => (
            <li>
              <strong>{transitionName(way.name, way.title)}</strong>
              <span>{say("workflow.way", { from: way.from.map(named).join(", "), to: named(way.to) })}</span>
              <span class="muted">{way.roles.map((role) => t(`role.${role}`)).join(", ")}</span>
              <Show when={way.guards.includes("not_own_work")}>
                <Badge>{say("workflow.notOwn")}</Badge>
              </Show>
              <Show when={way.guards.includes("reason")}>
                <Badge>{say("workflow.reason")}</Badge>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
