/**
 * What can be done on the labeling screen, with its standard keys, also where the screen is not open: the list of
 * keys to change needs it.
 */
import { ARRANGING, SNAPPING } from "../../tags/Image/arranging";
import { deedId, TOOLS, toolId, VIEWING } from "../../tags/Image/tools";
import { tinyKey } from "./keys";
import { say } from "./words";

export interface LabelAction {
  readonly id: string;
  readonly title: string;
  readonly keys: string;
}

/** The screen's own actions, by the second part of their id. Tracked. */
export function labelActions() {
  const act = (name: string, title: string, keys: string): LabelAction => ({
    id: `label.${name}`,
    title,
    keys,
  });
  return {
    submit: act("submit", say("submitOrUpdate"), "$mod+Enter"),
    skip: act("skip", say("skipTask"), "$mod+Shift+Enter"),
    undo: act("undo", say("undo"), "$mod+z"),
    redo: act("redo", say("redo"), "$mod+Shift+z"),
    previous: act("previous", say("previousTask"), "Alt+ArrowLeft"),
    next: act("next", say("nextTask"), "Alt+ArrowRight"),
    nextRegion: act("nextRegion", say("nextRegion"), "]"),
    previousRegion: act("previousRegion", say("previousRegion"), "["),
    delete: act("delete", say("deleteSelected"), "Delete"),
    backspace: act("backspace", say("deleteSelected"), "Backspace"),
    relate: act("relate", say("relateSelected"), "Alt+r"),
    escape: act("escape", say("selectNothing"), "Escape"),
    help: act("help", say("keys"), "Shift+?"),
    history: act("history", say("history"), "Shift+KeyH"),
    comments: act("comments", say("comments"), "Shift+KeyC"),
    compare: act("compare", say("compare"), "Shift+KeyM"),
  };
}

/** The tools of pictures, and what arranges regions on them. Tracked. */
export function imageActions(): readonly LabelAction[] {
  const named = [
    ...TOOLS.map(({ tool, title, key }) => ({ id: toolId(tool), title, key })),
    ...[...ARRANGING, SNAPPING, ...VIEWING].map(({ name, title, key }) => ({ id: deedId(name), title, key })),
  ];
  return named.map(({ id, title, key }) => ({ id, title: say(`tag.${title}`), keys: tinyKey(key) }));
}
