/** What stands beside the work when it is asked for. None of it is fetched before. */
import { createResource, Match, Show, Switch } from "solid-js";
import { locale } from "../../../app/i18n";
import { Button } from "../../../ui/Button";
import { Segmented } from "../../../ui/Segmented";
import { type BesideName, besideNames } from "../LabelBar";
import type { Screen } from "../screen";
import { Comments } from "./Comments";
import { Compare } from "./Compare";
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
      <aside class="beside" aria-label={say(props.name)}>
        <header class="beside-head">
          <Segmented
            label={say("beside")}
            options={besideNames.map((name) => ({ value: name, label: say(name) }))}
            value={props.name}
            onChange={(name) => props.onName(name)}
          />
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
              <Match when={props.name === "comments"}>
                <Comments screen={props.screen} open={open} />
              </Match>
              <Match when={props.name === "compare"}>
                <Compare screen={props.screen} open={open} onLeave={() => props.onName(null)} />
              </Match>
            </Switch>
          )}
        </Show>
      </aside>
    </Show>
  );
}
