/** What states and transitions are called: ours in the user's language, a project's own as it wrote them. */
import { type Key, t } from "./i18n";

const states: Record<string, Key> = {
  unlabeled: "state.todo",
  in_progress: "state.started",
  skipped: "state.skipped",
  labeled: "workflow.labeled",
  in_review: "workflow.inReview",
  returned: "workflow.returned",
  accepted: "workflow.accepted",
  open: "workflow.open",
  paused: "workflow.paused",
  finished: "workflow.finished",
};

const transitions: Record<string, Key> = {
  start_review: "workflow.startReview",
  accept: "workflow.accept",
  return: "workflow.return",
  ask_another: "workflow.askAnother",
  withdraw: "workflow.withdraw",
  pause: "workflow.pause",
  resume: "workflow.resume",
  finish: "workflow.finish",
  reopen: "workflow.reopen",
};

/** The name of a state; a project's own has the `title` that it was given, else its name in words. */
export const stateName = (name: string, title = ""): string => title || named(states[name], name);

/** The name of a transition that people ask for. */
export const transitionName = (name: string, title = ""): string => title || named(transitions[name], name);

const named = (key: Key | undefined, name: string): string => (key ? t(key) : name.replaceAll("_", " "));
