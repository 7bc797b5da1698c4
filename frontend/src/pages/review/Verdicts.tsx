/** The verdicts under the bar: accept (with what was fixed), return with a reason, and what else the workflow offers. */
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import type { OfferedTransition } from "../../api/types";
import { useCommands } from "../../app/commands";
import { keyCaps } from "../../app/hotkeys";
import { keysOf } from "../../app/keymap";
import { transitionName } from "../../app/workflow";
import { Button } from "../../ui/Button";
import { Kbd } from "../../ui/Kbd";
import type { Screen } from "../label/screen";
import type { ReviewBackend } from "./reviewBackend";
import { say } from "./words";

/** Sending is what accepts, so it has the key for that. */
const ACCEPT = "$mod+Enter";
const RETURN = "$mod+Backspace";
/** As long as the server takes. */
const LONGEST = 500;

export function Verdicts(props: { screen: Screen; backend: ReviewBackend }) {
  const { screen, backend } = props;
  const [asked, setAsked] = createSignal<OfferedTransition | null>(null);
  const changed = createMemo(() => {
    screen.epoch();
    return screen.open()?.session.annotation.history.canUndo ?? false;
  });
  const accept = () => backend.ways().accept;
  const returning = () => backend.ways().others.find((way) => way.needs_reason);
  const simple = () => backend.ways().others.filter((way) => !way.needs_reason);
  const more = () => backend.ways().others.filter((way) => way.needs_reason && way !== returning());
  createEffect(on(screen.open, () => setAsked(null)));

  const acceptIt = () => accept() && void screen.submit();
  const take = (way: OfferedTransition, reason = "") => {
    setAsked(null);
    void screen.finish(() => backend.move(way.name, reason));
  };
  const ask = () => {
    const way = returning();
    if (way) setAsked(way);
  };
  useCommands(() => [
    { id: "review.return", title: say("return"), group: say("review"), keys: RETURN, run: ask },
  ]);

  return (
    <section class="verdicts" aria-label={say("review")}>
      <div class="verdicts-row">
        <span class="muted tabular">{say("waiting", { count: backend.waiting() })}</span>
        <span class="label-gap" />
        <Show when={screen.open()}>
          <For each={simple()}>
            {(way) => (
              <Button look="quiet" disabled={screen.busy()} onClick={() => take(way)}>
                {transitionName(way.name, way.title)}
              </Button>
            )}
          </For>
          <For each={more()}>
            {(way) => (
              <Button look="quiet" disabled={screen.busy()} onClick={() => setAsked(way)}>
                {transitionName(way.name, way.title)}…
              </Button>
            )}
          </For>
          <Button
            icon="chevron-right"
            disabled={screen.busy()}
            onClick={() => void screen.finish(async () => undefined)}
          >
            {say("later")}
          </Button>
          <Show when={returning()}>
            {(way) => (
              <Button
                class="verdict"
                data-verdict="return"
                disabled={screen.busy()}
                aria-expanded={asked() !== null}
                onClick={() => setAsked(way())}
              >
                {way().name === "return" ? say("return") : transitionName(way().name, way().title)}…
                <Keys id="review.return" standard={RETURN} />
              </Button>
            )}
          </Show>
          <Button
            class="verdict"
            look="primary"
            icon="check"
            busy={screen.busy()}
            disabled={!accept()}
            onClick={acceptIt}
          >
            {changed() ? say("fixAndAccept") : say("accept")}
            <Keys id="label.submit" standard={ACCEPT} />
          </Button>
        </Show>
      </div>
      <Show when={asked()}>
        {(way) => <Reason onSend={(reason) => take(way(), reason)} onCancel={() => setAsked(null)} />}
      </Show>
    </section>
  );
}

function Keys(props: { id: string; standard: string }) {
  return <Show when={keysOf(props.id, props.standard)}>{(keys) => <Kbd caps={keyCaps(keys())} />}</Show>;
}

/** Why it goes back; Enter sends it, Shift Enter makes a new line. */
function Reason(props: { onSend: (reason: string) => void; onCancel: () => void }) {
  const [text, setText] = createSignal("");
  const send = () => text().trim() && props.onSend(text().trim());
  return (
    <form
      class="verdicts-reason"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={(field) => requestAnimationFrame(() => field.focus())}
        class="answer"
        rows={2}
        maxlength={LONGEST}
        aria-label={say("reason")}
        placeholder={say("reasonHint")}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            props.onCancel();
          } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            event.stopPropagation();
            send();
          }
        }}
      />
      <Button type="submit" look="danger" disabled={!text().trim()}>
        {say("sendBack")}
      </Button>
      <Button onClick={() => props.onCancel()}>{say("cancel")}</Button>
    </form>
  );
}
