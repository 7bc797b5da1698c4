/** What can be done with relations by key, also where no task is open: the list of keys to change needs it. */
import { say } from "./words";

export interface RelationAction {
  readonly id: string;
  readonly title: string;
  /** As configurations write keys. */
  readonly keys: string;
}

/** Tracked: in the language of the page. */
export function relationActions() {
  const act = (name: string, title: string, keys: string): RelationAction => ({
    id: `relation.${name}`,
    title,
    keys,
  });
  return {
    next: act("next", say("nextRelation"), "shift+BracketRight"),
    previous: act("previous", say("previousRelation"), "shift+BracketLeft"),
    arrows: act("arrows", say("arrows"), "alt+shift+KeyR"),
  };
}
