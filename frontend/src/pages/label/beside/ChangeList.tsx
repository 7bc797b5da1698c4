/** Differences as a list: picking one goes to its region on the canvas. */
import { For, Show } from "solid-js";
import { labelsOf } from "../../../config/results";
import { describeItem } from "../describe";
import type { LabelHost } from "../host";
import type { Open } from "../screen";
import { answerText, type ChangeKind, type Differences } from "./differences";
import { markedId } from "./marks";
import { say } from "./words";

export const signs: Readonly<Record<ChangeKind, string>> = { added: "+", changed: "±", removed: "−" };

export function ChangeList(props: { open: Open; found: Differences; host: LabelHost | undefined }) {
  const title = (change: Differences["regions"][number]) => {
    const items = change.after.length ? change.after : change.before;
    const labels = [...new Set(items.flatMap(labelsOf))];
    const object = items.find((item) => item.to_name !== undefined)?.to_name ?? "";
    const place = describeItem({ id: change.id, object, items, labels, hidden: false, locked: false });
    return { name: labels.map((label) => props.open.host.labelTitle(label, object)).join(", "), place };
  };
  const idOn = (change: Differences["regions"][number]) => markedId(change.id, change.kind);
  return (
    <ul class="beside-changes" aria-label={say("differences")}>
      <For each={props.found.regions}>
        {(change) => (
          <li>
            <button
              type="button"
              class="beside-change"
              onClick={() => props.host?.select([idOn(change)])}
              onMouseEnter={() => props.host?.hover(idOn(change))}
              onMouseLeave={() => props.host?.hover(null)}
            >
              <span class="beside-mark" data-kind={change.kind}>
                <span aria-hidden="true">{signs[change.kind]}</span>
                <span class="visually-hidden">{say(change.kind, { count: 1 })}</span>
              </span>
              <b>{title(change).name || say("region")}</b>
              <span class="muted region-text">{title(change).place}</span>
            </button>
          </li>
        )}
      </For>
      <For each={props.found.answers}>
        {(answer) => (
          <li class="beside-answer">
            <b>{answer.name}</b>
            <span>
              <Show when={answer.before}>
                <del>{answerText(answer.before)}</del> →{" "}
              </Show>
              {answerText(answer.after)}
            </span>
          </li>
        )}
      </For>
      <Show when={!props.found.regions.length && !props.found.answers.length}>
        <li class="muted">{say("nothingOther")}</li>
      </Show>
    </ul>
  );
}
