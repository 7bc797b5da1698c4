/** Changes of a workflow as values, with a way back: what the editor of a workflow does. */
import type { Fault } from "../../api/errors";
import type { WorkflowMachine } from "../../api/types";

export type State = WorkflowMachine["states"][number];
export type Transition = WorkflowMachine["transitions"][number];

/** A name that no other has, made of a beginning. */
export function freeName(taken: readonly string[], begin: string): string {
  for (let n = taken.length + 1; ; n += 1) if (!taken.includes(`${begin}_${n}`)) return `${begin}_${n}`;
}

/** The machine with one state changed; a new name is taken over wherever the old one stood. */
export function withState(machine: WorkflowMachine, at: number, change: Partial<State>): WorkflowMachine {
  const old = machine.states[at];
  if (!old) return machine;
  const states = machine.states.with(at, { ...old, ...change });
  const to = change.name;
  if (to === undefined || to === old.name) return { ...machine, states };
  const named = (name: string) => (name === old.name ? to : name);
  const transitions = machine.transitions.map((way) => ({
    ...way,
    from: way.from.map(named),
    to: named(way.to),
  }));
  return { ...machine, initial: named(machine.initial), states, transitions };
}

/** The machine without a state; ways from it lose it, and ways to it are gone. */
export function withoutState(machine: WorkflowMachine, at: number): WorkflowMachine {
  const gone = machine.states[at]?.name;
  const states = machine.states.toSpliced(at, 1);
  const transitions = machine.transitions
    .filter((way) => way.to !== gone)
    .map((way) => ({ ...way, from: way.from.filter((name) => name !== gone) }))
    .filter((way) => way.from.length > 0);
  const initial = machine.initial === gone ? (states[0]?.name ?? "") : machine.initial;
  return { ...machine, initial, states, transitions };
}

export function withTransition(
  machine: WorkflowMachine,
  at: number,
  change: Partial<Transition>,
): WorkflowMachine {
  const old = machine.transitions[at];
  return old ? { ...machine, transitions: machine.transitions.with(at, { ...old, ...change }) } : machine;
}

/** The list with a value in it, or without it. */
export const toggled = <Value>(list: readonly Value[], value: Value, on: boolean): Value[] =>
  on ? [...list.filter((one) => one !== value), value] : list.filter((one) => one !== value);

/** The faults that the server found at a place (`transitions[3]`), or below it. */
export const faultsAt = (faults: readonly Fault[], place: string): readonly Fault[] =>
  faults.filter(({ place: at }) => {
    const rest = at.replace(/^workflow\.?/, "");
    return rest === place || rest.startsWith(`${place}.`) || rest.startsWith(`${place}[`);
  });

/** Those at no state and no transition. */
export const otherFaults = (faults: readonly Fault[]): readonly Fault[] =>
  faults.filter(({ place }) => !/^workflow\.(?:states|transitions)\[/.test(place));
