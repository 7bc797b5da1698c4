/** What the table says of a task, worked out from what the server sends. */
import type { ListedTask, Project } from "../../api/types";

export type TaskState = "done" | "started" | "skipped" | "todo";

/** What to say of a task that has so many answers and skips. */
export function stateOf(
  task: Pick<ListedTask, "is_labeled" | "total_annotations" | "cancelled_annotations">,
): TaskState {
  if (task.is_labeled) return "done";
  if (task.total_annotations > 0) return "started";
  return task.cancelled_annotations > 0 ? "skipped" : "todo";
}

/** Whether the task stands in a state that no number of annotations tells: one of a workflow. */
export function standsElsewhere(task: Pick<ListedTask, "state">): task is { state: string } {
  return task.state !== undefined && !byAnnotations.has(task.state);
}

const byAnnotations = new Set(["unlabeled", "in_progress", "skipped", "labeled"]);

/** The type of each data key by the project's config: `image` → `Image`. */
export function configTypes(project: Pick<Project, "parsed_label_config">): Map<string, string> {
  const inputs = Object.values(project.parsed_label_config ?? {}).flatMap((control) => control.inputs);
  return new Map(inputs.map((input) => [input.value ?? "", input.type]));
}

/** One line of any value; long ones are cut, for a cell shows a hundred letters at most. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** What a file is called by its address, without what uploads put before it. */
export function fileName(address: string): string {
  const name = address.split(/[?#]/)[0]?.split("/").pop() ?? "";
  return decoded(name).replace(/^[0-9a-f]{8}-/, "");
}

/** Addresses come from people's data: a percent sign in them may stand for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
