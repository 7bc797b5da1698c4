/** Showing something in place of the work, with words that say so and a way back. */
import { createEffect, onCleanup } from "solid-js";
import { Button } from "../../../ui/Button";
import type { Open, Screen } from "../screen";
import { TagTree } from "../TagTree";
import type { StageHost } from "./StageHost";
import { say } from "./words";

export interface StageNote {
  readonly text: string;
  readonly leave: () => void;
}

/** Shows the stage while there is one. Called inside a component: it ends with that. */
export function showInstead(screen: Screen, stage: () => StageHost | null, note: () => StageNote): void {
  createEffect(() => {
    const host = stage();
    const open = screen.open();
    if (!host || !open) screen.setInstead(null);
    else screen.setInstead({ host, view: () => <Stage host={host} open={open} note={note()} /> });
  });
  // Sending, or another task, takes the stage away: then nothing is chosen any more.
  createEffect((before: boolean) => {
    const now = screen.instead() !== null;
    if (before && !now) note().leave();
    return now;
  }, false);
  onCleanup(() => screen.setInstead(null));
}

function Stage(props: { host: StageHost; open: Open; note: StageNote }) {
  return (
    <>
      <p class="label-note beside-stage">
        <span>{props.note.text}</span>
        <Button size="small" onClick={() => props.note.leave()}>
          {say("backToWork")}
        </Button>
      </p>
      <TagTree node={props.host.tree.root} host={props.host} modules={props.open.modules} />
    </>
  );
}
