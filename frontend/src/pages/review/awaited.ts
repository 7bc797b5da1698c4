/** How many tasks wait for the verdict of somebody in a role; null where that role gives none. */
import type { Workflow } from "../../api/types";

export function awaited(
  { workflow, tasks }: Pick<Workflow, "workflow" | "tasks">,
  role: string,
): number | null {
  const finals = new Set(workflow.states.flatMap((state) => (state.final ? [state.name] : [])));
  const states = new Set(
    workflow.transitions
      .filter(
        (way) => way.on.length === 0 && finals.has(way.to) && (way.roles as readonly string[]).includes(role),
      )
      .flatMap((way) => way.from.filter((state) => !finals.has(state))),
  );
  if (states.size === 0) return null;
  return [...states].reduce((sum, state) => sum + (tasks[state] ?? 0), 0);
}
