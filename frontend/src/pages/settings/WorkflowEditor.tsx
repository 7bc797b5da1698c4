/** A workflow of one's own as a form: states, and the ways between them; the server's faults stand at their place. */
import { For, Index, type JSX, Show } from "solid-js";
import type { Fault } from "../../api/errors";
import { roleNames, type Work, type WorkflowMachine } from "../../api/types";
import { t } from "../../app/i18n";
import { stateName, transitionName } from "../../app/workflow";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import {
  faultsAt,
  freeName,
  otherFaults,
  type State,
  type Transition,
  toggled,
  withoutState,
  withState,
  withTransition,
} from "./machineEdits";
import { say } from "./words";

const works: readonly Work[] = ["none", "some", "skips", "enough"];
const events = ["submit", "skip", "update", "delete", "adjust"] as const;
const guards = ["not_own_work", "reason"] as const;
const effects = ["release", "ask_another"] as const;
/** Viewers make no transition. */
const roles = roleNames.filter((role) => role !== "viewer");

interface EditorProps {
  readonly machine: WorkflowMachine;
  readonly faults: readonly Fault[];
  readonly onChange: (machine: WorkflowMachine) => void;
}

export default function WorkflowEditor(props: EditorProps) {
  const change = (machine: WorkflowMachine) => props.onChange(machine);
  const names = () =>
    props.machine.states.map(({ name, title }) => ({ value: name, label: stateName(name, title) }));
  const addState = () => {
    const name = freeName(
      props.machine.states.map((state) => state.name),
      "state",
    );
    const made: State = { name, title: "", work: ["enough"], final: false, refuses: [] };
    change({ ...props.machine, states: [...props.machine.states, made] });
  };
  const addWay = () => {
    const name = freeName(
      props.machine.transitions.map((way) => way.name),
      "way",
    );
    const [first, second] = props.machine.states;
    const made: Transition = {
      name,
      title: "",
      from: first ? [first.name] : [],
      to: (second ?? first)?.name ?? "",
      on: [],
      roles: ["owner", "administrator", "manager", "reviewer"],
      guards: [],
      effects: [],
    };
    change({ ...props.machine, transitions: [...props.machine.transitions, made] });
  };
  return (
    <div class="workflow-editor">
      <Faults faults={otherFaults(props.faults)} />
      <Select
        label={say("workflow.initial")}
        options={names()}
        value={props.machine.initial}
        onChange={(initial) => initial !== props.machine.initial && change({ ...props.machine, initial })}
      />
      <Tick
        label={say("workflow.separates")}
        checked={props.machine.separates_duties}
        onChange={(separates_duties) => change({ ...props.machine, separates_duties })}
      />
      <section class="workflow-part">
        <h2>{say("workflow.states")}</h2>
        <Index each={props.machine.states}>
          {(state, at) => (
            <fieldset class="panel workflow-item">
              <legend>{stateName(state().name, state().title)}</legend>
              <Names thing={state()} onChange={(part) => change(withState(props.machine, at, part))} />
              <Ticks
                label={say("workflow.work")}
                all={works}
                on={state().work}
                name={(work) => say(`work.${work}`)}
                onChange={(work) => change(withState(props.machine, at, { work }))}
              />
              <div class="workflow-ticks">
                <Tick
                  label={say("workflow.final")}
                  checked={state().final}
                  onChange={(final) => change(withState(props.machine, at, { final }))}
                />
                <Remove
                  name={stateName(state().name, state().title)}
                  onRemove={() => change(withoutState(props.machine, at))}
                />
              </div>
              <Ticks
                label={say("workflow.refuses")}
                all={events}
                on={state().refuses}
                name={(event) => say(`on.${event}`)}
                onChange={(refuses) => change(withState(props.machine, at, { refuses }))}
              />
              <Faults faults={faultsAt(props.faults, `states[${at}]`)} />
            </fieldset>
          )}
        </Index>
        <Button icon="plus" onClick={addState}>
          {say("workflow.addState")}
        </Button>
      </section>
      <section class="workflow-part">
        <h2>{say("workflow.ways")}</h2>
        <p class="muted">{say("workflow.waysHint")}</p>
        <Index each={props.machine.transitions}>
          {(way, at) => (
            <fieldset class="panel workflow-item">
              <legend>{transitionName(way().name, way().title)}</legend>
              <Names thing={way()} onChange={(part) => change(withTransition(props.machine, at, part))} />
              <Ticks
                label={say("workflow.from")}
                all={props.machine.states.map(({ name }) => name)}
                on={way().from}
                name={(name) => names().find(({ value }) => value === name)?.label ?? name}
                onChange={(from) => change(withTransition(props.machine, at, { from }))}
              />
              <Select
                label={say("workflow.to")}
                options={names()}
                value={way().to}
                onChange={(to) => to !== way().to && change(withTransition(props.machine, at, { to }))}
              />
              <Ticks
                label={say("workflow.events")}
                all={events}
                on={way().on}
                name={(event) => say(`on.${event}`)}
                onChange={(on) => change(withTransition(props.machine, at, { on }))}
              />
              <Ticks
                label={say("workflow.roles")}
                all={roles}
                on={way().roles}
                name={(role) => t(`role.${role}`)}
                onChange={(chosen) => change(withTransition(props.machine, at, { roles: chosen }))}
              />
              <Ticks
                label={say("workflow.guards")}
                all={guards}
                on={way().guards}
                name={(guard) => say(guard === "reason" ? "workflow.reason" : "workflow.notOwn")}
                onChange={(chosen) => change(withTransition(props.machine, at, { guards: chosen }))}
              />
              <Ticks
                label={say("workflow.effects")}
                all={effects}
                on={way().effects}
                name={(effect) => say(`effect.${effect}`)}
                onChange={(chosen) => change(withTransition(props.machine, at, { effects: chosen }))}
              />
              <Remove
                name={transitionName(way().name, way().title)}
                onRemove={() =>
                  change({ ...props.machine, transitions: props.machine.transitions.toSpliced(at, 1) })
                }
              />
              <Faults faults={faultsAt(props.faults, `transitions[${at}]`)} />
            </fieldset>
          )}
        </Index>
        <Button icon="plus" onClick={addWay}>
          {say("workflow.addWay")}
        </Button>
      </section>
    </div>
  );
}

/** The name that programs use, and what people read. */
function Names(props: {
  thing: { name: string; title: string };
  onChange: (part: { name: string } | { title: string }) => void;
}) {
  return (
    <div class="workflow-names">
      <label>
        <span class="muted">{say("workflow.name")}</span>
        <input
          class="workflow-input"
          value={props.thing.name}
          maxlength={24}
          spellcheck={false}
          onChange={(event) => props.onChange({ name: event.currentTarget.value.trim() })}
        />
      </label>
      <label>
        <span class="muted">{say("workflow.title")}</span>
        <input
          class="workflow-input"
          value={props.thing.title}
          onChange={(event) => props.onChange({ title: event.currentTarget.value.trim() })}
        />
      </label>
    </div>
  );
}

function Ticks<Value extends string>(props: {
  label: string;
  all: readonly Value[];
  on: readonly string[];
  name: (value: Value) => string;
  onChange: (chosen: Value[]) => void;
}) {
  return (
    <fieldset class="workflow-ticks">
      <legend class="muted">{props.label}</legend>
      <For each={props.all}>
        {(value) => (
          <Tick
            label={props.name(value)}
            checked={props.on.includes(value)}
            onChange={(on) => props.onChange(toggled(props.on as readonly Value[], value, on))}
          />
        )}
      </For>
    </fieldset>
  );
}

function Tick(props: { label: JSX.Element; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="workflow-tick">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}

function Remove(props: { name: string; onRemove: () => void }) {
  return (
    <Button
      class="workflow-remove"
      look="quiet"
      size="small"
      icon="trash-2"
      label={say("workflow.removeNamed", { name: props.name })}
      onClick={() => props.onRemove()}
    />
  );
}

function Faults(props: { faults: readonly Fault[] }) {
  return (
    <Show when={props.faults.length}>
      <div class="workflow-faults" role="alert">
        <ul>
          <For each={props.faults}>{(fault) => <li>{fault.message}</li>}</For>
        </ul>
      </div>
    </Show>
  );
}
