/** What else there is for this task: predictions to start from, and the annotations made so far. */
import { For, Show, Suspense } from "solid-js";
import { fetched } from "../../app/queried";
import { Button } from "../../ui/Button";
import { usualStates } from "./backend";
import type { Open, Screen } from "./screen";
import { say } from "./words";

const Remarks = fetched(() => import("./beside/Remarks"));
const Verdict = fetched(() => import("./beside/Verdict"));

export default function Offers(props: { screen: Screen; open: Open }) {
  const task = () => props.open.task;
  const subject = () => props.open.session.subject;
  const results = () => props.open.host.results({});
  const offered = () => (props.open.session.isNew && results().length === 0 ? task().predictions : []);
  const current = () => {
    const now = subject();
    return now.kind === "annotation" ? now.stored.id : null;
  };
  const alone = () => (props.screen.reviews ? 1 : props.screen.stream ? Number.POSITIVE_INFINITY : 0);
  const several = () => task().annotations.length > alone();
  return (
    <>
      <Show when={several()}>
        <div class="label-tabs" role="toolbar" aria-label={say("annotations")}>
          <For each={task().annotations}>
            {(stored) => (
              <Button
                look="quiet"
                size="small"
                aria-pressed={current() === stored.id}
                onClick={() => void props.screen.openSubject({ kind: "annotation", stored })}
              >
                {stored.author}
                <span class="muted tabular">#{stored.id}</span>
                <Show when={stored.groundTruth}>
                  <span title={say("groundTruth")}>★</span>
                </Show>
                <Show when={stored.skipped}>
                  <span class="muted">{say("skipped")}</span>
                </Show>
              </Button>
            )}
          </For>
          <Show when={!props.screen.reviews}>
            <Button
              look="quiet"
              size="small"
              icon="plus"
              aria-pressed={current() === null}
              onClick={() => void props.screen.openSubject({ kind: "new" })}
            >
              {say("new")}
            </Button>
          </Show>
        </div>
      </Show>
      <Show when={task().comments > 0}>
        <Suspense>
          <Remarks task={task().id} host={props.open.host} />
        </Suspense>
      </Show>
      <Show when={!usualStates.has(task().state)}>
        <Suspense>
          <Verdict task={task()} />
        </Suspense>
      </Show>
      <Show when={props.open.host.readOnly}>
        <p class="label-note">{say("readOnly")}</p>
      </Show>
      <For each={offered()}>
        {(prediction) => (
          <p class="label-note">
            <span>
              <b>{prediction.modelVersion || say("aModel")}</b>{" "}
              {say("predicts", { count: prediction.result.length })}
              <Show when={prediction.score !== null}>
                <span class="tabular"> {say("score", { score: prediction.score?.toFixed(2) ?? "" })}</span>
              </Show>
            </span>
            <Button size="small" onClick={() => props.open.session.accept(prediction)}>
              {say("startFromIt")}
            </Button>
          </p>
        )}
      </For>
    </>
  );
}
