/** The bar of the labeling screen: where one is, what is saved, and what can be done with the task. */
import { createMemo, Show } from "solid-js";
import { keyCaps } from "../../app/hotkeys";
import type { DraftState } from "../../store/session";
import { Button, LinkButton } from "../../ui/Button";
import { Kbd } from "../../ui/Kbd";
import type { Screen } from "./screen";

export interface LabelBarProps {
  readonly screen: Screen;
  readonly projectId: number;
  readonly onHelp: () => void;
  readonly onGuidelines: () => void;
}

export function LabelBar(props: LabelBarProps) {
  const { screen } = props;
  const open = () => screen.open();
  const history = createMemo(() => {
    screen.epoch();
    return {
      undo: open()?.session.annotation.history.canUndo,
      redo: open()?.session.annotation.history.canRedo,
    };
  });
  const isNew = () => open()?.session.isNew ?? true;
  const readOnly = () => open()?.host.readOnly ?? true;
  const maySkip = () => screen.project()?.showSkip !== false && open()?.task.allowSkip !== false && isNew();
  return (
    <div class="label-bar" role="toolbar" aria-label="Task">
      <LinkButton
        look="quiet"
        icon="arrow-left"
        label="Back to the data"
        href={`/projects/${props.projectId}/data`}
      />
      <h1 class="label-title">
        <span class="visually-hidden">{screen.project()?.title ?? "Labeling"}</span>
        <Show when={open()}>{(now) => <span class="label-task tabular">#{now().task.id}</span>}</Show>
      </h1>
      <Show when={screen.stream}>
        <Progress screen={screen} />
        <Button
          look="quiet"
          icon="chevron-left"
          label="Previous task"
          disabled={screen.place() === 0}
          onClick={() => void screen.previous()}
        />
        <Button
          look="quiet"
          icon="chevron-right"
          label="Next task"
          disabled={screen.place() >= screen.history().length}
          onClick={() => void screen.next()}
        />
      </Show>
      <span class="label-gap" />
      <StatusChip state={screen.draft()} waiting={screen.waiting()} />
      <Button
        look="quiet"
        size="small"
        label="Undo"
        title="Undo (Ctrl Z)"
        disabled={!history().undo}
        onClick={() => screen.undo()}
      >
        Undo
      </Button>
      <Button
        look="quiet"
        size="small"
        label="Redo"
        title="Redo (Ctrl Shift Z)"
        disabled={!history().redo}
        onClick={() => screen.redo()}
      >
        Redo
      </Button>
      <Show when={screen.project()?.instruction}>
        <Button look="quiet" icon="info" label="Guidelines" onClick={() => props.onGuidelines()} />
      </Show>
      <Button look="quiet" icon="keyboard" label="Keys of this screen" onClick={() => props.onHelp()} />
      <Show when={maySkip()}>
        <Button disabled={!open() || readOnly()} onClick={() => void screen.skip()}>
          Skip
        </Button>
      </Show>
      <Button
        look="primary"
        busy={screen.busy()}
        disabled={!open() || readOnly()}
        onClick={() => void screen.submit()}
      >
        {isNew() ? "Submit" : "Update"} <Kbd caps={keyCaps("$mod+Enter")} />
      </Button>
    </div>
  );
}

function Progress(props: { screen: Screen }) {
  const done = () => props.screen.project()?.done ?? null;
  const total = () => props.screen.project()?.total ?? null;
  return (
    <Show when={done() !== null && total()}>
      <span class="label-progress tabular" title="Tasks you have done, of those that are yours">
        {done()} / {total()}
      </span>
    </Show>
  );
}

/** Always says whether the work is safe, and where. */
function StatusChip(props: { state: DraftState; waiting: boolean }) {
  const words = () => {
    const { state } = props;
    if (props.waiting) return { tone: "warning", text: "Offline: will be sent when the connection is back" };
    if (state.kind === "offline")
      return {
        tone: "warning",
        text: `Offline: ${state.changes} ${state.changes === 1 ? "change" : "changes"} kept on this device`,
      };
    if (state.kind === "saved") return { tone: "quiet", text: "Saved" };
    return { tone: "quiet", text: "Saving" };
  };
  return (
    <span class="label-status" data-tone={words().tone} data-kind={props.state.kind}>
      {words().text}
    </span>
  );
}
