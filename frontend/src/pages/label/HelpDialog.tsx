/** Every key of this screen, as it is now. */
import { For, Show } from "solid-js";
import { commands } from "../../app/commands";
import { keyCaps } from "../../app/hotkeys";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { tinyKey } from "./keys";
import type { Screen } from "./screen";
import { say } from "./words";

const inText = [
  ["keyArrows", "caretMoves"],
  ["keyShiftArrows", "caretMarks"],
  ["keyEnter", "caretPicks"],
] as const;

export default function HelpDialog(props: { screen: Screen; onClose: () => void }) {
  const listed = () => commands().filter((command) => command.keys && command.id !== "label.backspace");
  return (
    <Dialog open title={say("keys")} size="large" onClose={() => props.onClose()}>
      <div class="help">
        <section>
          <h3>{say("keysScreen")}</h3>
          <dl>
            <For each={listed()}>
              {(command) => <Line caps={keyCaps(command.keys ?? "")} title={command.title} />}
            </For>
          </dl>
        </section>
        <Show when={props.screen.keys().length}>
          <section>
            <h3>{say("keysLabels")}</h3>
            <dl>
              <For each={props.screen.keys()}>
                {(entry) => <Line caps={keyCaps(tinyKey(entry.key))} title={entry.title} />}
              </For>
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
