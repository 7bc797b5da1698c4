/** Which states tasks would lose with another workflow, and where they could go. */
import type { Workflow } from "../../api/types";

export type Mapping = Readonly<Record<string, string>>;

export interface LostState {
  name: string;
  count: number;
  /** The states of the other workflow in which the tasks could stand, final ones first. */
  targets: string[];
}

/** The states with tasks that the other workflow lacks. */
export function unmapped(now: Pick<Workflow, "workflow" | "tasks">, next: Workflow["workflow"]): LostState[] {
  const known = new Set(next.states.map(({ name }) => name));
  return Object.entries(now.tasks)
    .filter(([name]) => !known.has(name))
    .map(([name, count]) => ({ name, count, targets: targetsOf(now.workflow, next, name) }));
}

function targetsOf(now: Workflow["workflow"], next: Workflow["workflow"], name: string): string[] {
  const work = now.states.find((state) => state.name === name)?.work;
  const fitting = next.states.filter((state) => !work || state.work.some((kind) => work.includes(kind)));
  return [...fitting].sort((a, b) => Number(b.final) - Number(a.final)).map((state) => state.name);
}

/** What is sent: for each lost state the one that was chosen, else the first that could be. */
export const mappingOf = (lost: readonly LostState[], chosen: Mapping): Record<string, string> =>
  Object.fromEntries(lost.map(({ name, targets }) => [name, chosen[name] ?? targets[0] ?? ""]));
