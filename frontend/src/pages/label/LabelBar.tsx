/** The bar of the labeling screen: where one is, what is saved, and what can be done with the task. */
import { createMemo, Show } from "solid-js";
import { keyCaps } from "../../app/hotkeys";
import { keysOf } from "../../app/keymap";
import type { DraftState } from "../../store/session";
import { Button, LinkButton } from "../../ui/Button";
import { Kbd } from "../../ui/Kbd";
import type { Screen } from "./screen";
import { say } from "./words";

/** What can stand beside the work. */
export const besideNames = ["history", "comments", "compare"] as const;
export type BesideName = (typeof besideNames)[number];

export interface LabelBarProps {
  readonly screen: Screen;
  readonly projectId: number;
  readonly onHelp: () => void;
  readonly onGuidelines: () => void;
  readonly beside: BesideName | null;
  readonly onBeside: () => void;
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
    <div class="label-bar" role="toolbar" aria-label={say("task")}>
      <LinkButton
        look="quiet"
        icon="arrow-left"
        label={say("backToData")}
        href={`/projects/${props.projectId}/data`}
      />
      <h1 class="label-title">
        <span class="visually-hidden">{screen.project()?.title ?? say("labeling")}</span>
        <Show when={open()}>{(now) => <span class="label-task tabular">#{now().task.id}</span>}</Show>
      </h1>
      <Show when={screen.stream}>
        <Progress screen={screen} />
        <Button
          look="quiet"
          icon="chevron-left"
          label={say("previousTask")}
          disabled={screen.place() === 0}
          onClick={() => void screen.previous()}
        />
        <Button
          look="quiet"
          icon="chevron-right"
          label={say("nextTask")}
          disabled={screen.place() >= screen.history().length}
          onClick={() => void screen.next()}
        />
      </Show>
      <span class="label-gap" />
      <StatusChip state={screen.draft()} waiting={screen.waiting()} />
      <Button
        look="quiet"
        size="small"
        label={say("undo")}
        title={`${say("undo")} (Ctrl Z)`}
        disabled={!history().undo}
        onClick={() => screen.undo()}
      >
        {say("undo")}
      </Button>
      <Button
        look="quiet"
        size="small"
        label={say("redo")}
        title={`${say("redo")} (Ctrl Shift Z)`}
        disabled={!history().redo}
        onClick={() => screen.redo()}
      >
        {say("redo")}
      </Button>
      <Show when={screen.project()?.instruction}>
        <Button look="quiet" icon="info" label={say("guidelines")} onClick={() => props.onGuidelines()} />
      </Show>
      <Button
        look="quiet"
        icon="clock"
        label={say("beside")}
        aria-pressed={props.beside !== null}
        onClick={() => props.onBeside()}
      />
      <Button look="quiet" icon="keyboard" label={say("keys")} onClick={() => props.onHelp()} />
      <Show when={maySkip()}>
        <Button disabled={!open() || readOnly()} onClick={() => void screen.skip()}>
          {say("skip")}
        </Button>
      </Show>
      <Show when={!screen.reviews}>
        <Button
          look="primary"
          busy={screen.busy()}
          disabled={!open() || readOnly()}
          onClick={() => void screen.submit()}
        >
          {isNew() ? say("submit") : say("update")}{" "}
          <Show when={keysOf("label.submit", "$mod+Enter")}>{(keys) => <Kbd caps={keyCaps(keys())} />}</Show>
        </Button>
      </Show>
    </div>
  );
}

function Progress(props: { screen: Screen }) {
  const done = () => props.screen.project()?.done ?? null;
  const total = () => props.screen.project()?.total ?? null;
  return (
    <Show when={done() !== null && total()}>
      <span class="label-progress tabular" title={say("progressHint")}>
        {done()} / {total()}
      </span>
    </Show>
  );
}

/** Always says whether the work is safe, and where. */
function StatusChip(props: { state: DraftState; waiting: boolean }) {
  const words = () => {
    const { state } = props;
    if (props.waiting) return { tone: "warning", text: say("waiting") };
    if (state.kind === "offline")
      return {
        tone: "warning",
        text: say("kept", { count: state.changes }),
      };
    if (state.kind === "saved") return { tone: "quiet", text: say("saved") };
    return { tone: "quiet", text: say("saving") };
  };
  return (
    <span class="label-status" data-tone={words().tone} data-kind={props.state.kind}>
      {words().text}
    </span>
  );
}
