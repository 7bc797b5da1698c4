/** What a changed config loses of the work in a project, and what a person says became of each loss. */
import type { ConfigEditOrder, ConfigEditPlan, ConfigStep } from "../../api/types";

/** A control or label that results use and the new config has no more. */
export interface Loss {
  readonly key: string;
  /** The control, by its old name. */
  readonly control: string;
  /** The lost label; null when the control itself is lost. */
  readonly label: string | null;
  readonly touched: number;
  /** What it may be called now: controls that are new, or labels of the control. */
  readonly candidates: readonly string[];
}

/** Old names → new, by the keys of losses; what is absent is gone. */
export type Renamed = ReadonlyMap<string, string>;

export const keyOf = (control: string, label: string | null) => JSON.stringify([control, label]);

/** The losses that results feel, in the order of the plan. */
export function lossesOf({ steps, labels }: Pick<ConfigEditPlan, "steps" | "labels">): Loss[] {
  const added = steps.filter(({ kind }) => kind === "control_added").map(({ after }) => after);
  return steps.flatMap(({ kind, control, before, touched }): Loss[] => {
    if (touched === 0) return [];
    if (kind === "control_removed")
      return [{ key: keyOf(control, null), control, label: null, touched, candidates: added }];
    if (kind === "label_removed")
      return [
        { key: keyOf(control, before), control, label: before, touched, candidates: labels[control] ?? [] },
      ];
    return [];
  });
}

/** All losses once more, where a control that was lost has a new name and only its labels can be lost now. */
export function mergedLosses(first: readonly Loss[], now: readonly Loss[]): Loss[] {
  const controls = first.filter(({ label }) => label === null);
  return [...controls, ...now.filter(({ label }) => label !== null)];
}

/** A first guess: where one name went and one came, the one became the other. */
export function guessed(losses: readonly Loss[], steps: readonly ConfigStep[]): Renamed {
  const guesses = new Map<string, string>();
  for (const { key, control, label, candidates } of losses) {
    const rivals = losses.filter(
      (one) => (one.label !== null) === (label !== null) && (label === null || one.control === control),
    );
    const fresh = label === null ? candidates : addedLabels(steps, control);
    if (rivals.length === 1 && fresh.length === 1) guesses.set(key, fresh[0] as string);
  }
  return guesses;
}

/** The labels that a control, by its old name, has more than before; their steps name it as it is now. */
function addedLabels(steps: readonly ConfigStep[], control: string): string[] {
  const renamed = steps.find(({ kind, before }) => kind === "control_renamed" && before === control);
  const now = renamed?.after ?? control;
  return steps
    .filter((step) => step.kind === "label_added" && step.control === now)
    .map(({ after }) => after);
}

/** The order that a config and the answers make. */
export function orderOf(
  label_config: string,
  losses: readonly Loss[],
  renamed: Renamed,
  removed: "keep" | "drop",
): ConfigEditOrder {
  const controls: Record<string, string> = {};
  const labels: Record<string, Record<string, string>> = {};
  for (const { key, control, label } of losses) {
    const name = renamed.get(key);
    if (name === undefined) continue;
    if (label === null) controls[control] = name;
    else labels[control] = { ...labels[control], [label]: name };
  }
  return { label_config, controls, objects: {}, labels, removed };
}
