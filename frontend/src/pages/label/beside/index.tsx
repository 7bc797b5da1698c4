/** What stands beside the work when it is asked for. None of it is fetched before. */
import { createResource, Match, Show, Switch } from "solid-js";
import { locale } from "../../../app/i18n";
import { Button } from "../../../ui/Button";
import type { BesideName } from "../LabelBar";
import type { Screen } from "../screen";
import { History } from "./History";
import { fetchWords, say } from "./words";
import "./beside.css";

export interface BesideProps {
  readonly screen: Screen;
  readonly name: BesideName;
  readonly onName: (name: BesideName | null) => void;
}

export default function Beside(props: BesideProps) {
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <aside class="beside" aria-label={say("history")}>
        <header class="beside-head">
          <h2>{say("history")}</h2>
          <span class="label-gap" />
          <Button
            look="quiet"
            size="small"
            icon="x"
            label={say("close")}
            onClick={() => props.onName(null)}
          />
        </header>
        <Show when={props.screen.open()} keyed>
          {(open) => (
            <Switch>
              <Match when={props.name === "history"}>
                <History screen={props.screen} open={open} />
              </Match>
            </Switch>
          )}
        </Show>
      </aside>
    </Show>
  );
}
