/** What somebody said when they moved the task to where it is: why it came back, or that it is accepted. */
import { createResource, Show } from "solid-js";
import { formatDate, locale } from "../../../app/i18n";
import { stateName } from "../../../app/workflow";
import type { LabelTask } from "../backend";
import { statesOf } from "./requests";
import { fetchWords, say } from "./words";
import "./beside.css";

export default function Verdict(props: { task: LabelTask }) {
  const [spoken] = createResource(locale, fetchWords);
  const [states] = createResource(() => props.task.id, statesOf);
  const newest = () => (states.error ? undefined : states.latest?.[0]);
  return (
    <Show when={spoken() && newest()}>
      {(step) => (
        <div class="label-note beside-verdict" role="note" data-final={step().reason ? undefined : ""}>
          <b>{stateName(step().state)}</b>
          <Show when={step().reason}>
            <q>{step().reason}</q>
          </Show>
          <span class="muted">
            {say("byAt", { name: step().triggered_by?.email ?? "–", at: formatDate(step().created_at) })}
          </span>
        </div>
      )}
    </Show>
  );
}
