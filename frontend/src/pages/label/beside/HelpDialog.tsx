/** Every key of this screen, as it is now. */
import { createResource, createSignal, For, lazy, Show, Suspense } from "solid-js";
import { commands } from "../../../app/commands";
import { keyCaps } from "../../../app/hotkeys";
import { locale } from "../../../app/i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Kbd } from "../../../ui/Kbd";
import type { Screen } from "../screen";
import { say as sayOfScreen } from "../words";
import { fetchWords, say } from "./words";

const KeyEditor = lazy(() => import("../../keys/KeyEditor"));

const inText = [
  ["keyArrows", "caretMoves"],
  ["keyShiftArrows", "caretMarks"],
  ["keyEnter", "caretPicks"],
] as const;

export default function HelpDialog(props: { screen: Screen; onClose: () => void }) {
  const [spoken] = createResource(locale, fetchWords);
  const [changing, setChanging] = createSignal(false);
  const given = () =>
    props.screen.keys().flatMap(({ id, key, title }) => (id || !key ? [] : [{ keys: key, title }]));
  return (
    <Suspense>
      <Show when={!changing()} fallback={<KeyEditor taken={given()} onClose={() => setChanging(false)} />}>
        <Show when={spoken()}>
          <List screen={props.screen} onClose={() => props.onClose()} onChange={() => setChanging(true)} />
        </Show>
      </Show>
    </Suspense>
  );
}

function List(props: { screen: Screen; onClose: () => void; onChange: () => void }) {
  const listed = () => commands().filter((command) => command.keys && command.id !== "label.backspace");
  const ofTask = () => props.screen.keys().flatMap(({ key, title }) => (key ? [{ key, title }] : []));
  return (
    <Dialog open title={sayOfScreen("keys")} size="large" onClose={() => props.onClose()}>
      <Button class="help-change" icon="keyboard" onClick={() => props.onChange()}>
        {say("changeKeys")}
      </Button>
      <div class="help">
        <section>
          <h3>{say("keysScreen")}</h3>
          <dl>
            <For each={listed()}>
              {(command) => <Line caps={keyCaps(command.keys ?? "")} title={command.title} />}
            </For>
          </dl>
        </section>
        <Show when={ofTask().length}>
          <section>
            <h3>{say("keysLabels")}</h3>
            <dl>
              <For each={ofTask()}>{(entry) => <Line caps={keyCaps(entry.key)} title={entry.title} />}</For>
            </dl>
          </section>
        </Show>
        <section>
          <h3>{say("keysText")}</h3>
          <dl>
            <For each={inText}>
              {([keys, title]) => <Line caps={[say(keys).split(" ")]} title={say(title)} />}
            </For>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Line(props: { caps: string[][]; title: string }) {
  return (
    <div class="help-line">
      <dt>{props.title}</dt>
      <dd>
        <Kbd caps={props.caps} />
      </dd>
    </div>
  );
}
