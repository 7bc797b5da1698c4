/** What an annotation was before, and the steps its task has gone through. */
import { useQuery } from "@tanstack/solid-query";
import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { errorOfThrown } from "../../../api/errors";
import { peopleQuery } from "../../../api/queries";
import type { AnnotationVersion } from "../../../api/types";
import { formatDate } from "../../../app/i18n";
import { stateName, transitionName } from "../../../app/workflow";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Failed, Late, Skeleton } from "../../../ui/Loaded";
import { toast } from "../../../ui/toasts";
import type { Open, Screen } from "../screen";
import { nameOf, removeAnnotation, removedOf, restoreVersion, statesOf, versionsOf } from "./requests";
import { Versions } from "./Versions";
import { say } from "./words";

export function History(props: { screen: Screen; open: Open }) {
  const people = useQuery(peopleQuery);
  const called = (id: number | undefined) => nameOf(people.isSuccess ? people.data : undefined, id);
  const subject = props.open.session.subject;
  const [versions, again] = createResource(
    () => (subject.kind === "annotation" ? subject.stored.id : null),
    versionsOf,
  );
  onCleanup(() => props.screen.setInstead(null));
  return (
    <div class="beside-body">
      <section aria-labelledby="history-versions">
        <h3 id="history-versions">{say("versions")}</h3>
        <Show when={subject.kind === "annotation"} fallback={<p class="muted">{say("noVersions")}</p>}>
          <Show
            when={!versions.error}
            fallback={<Failed message={told(versions.error)} onRetry={again.refetch} />}
          >
            <Show
              when={versions.latest}
              fallback={
                <Late>
                  <Skeleton lines={4} />
                </Late>
              }
            >
              {(list) => (
                <Versions screen={props.screen} open={props.open} versions={list()} called={called} />
              )}
            </Show>
          </Show>
        </Show>
      </section>
      <Removed screen={props.screen} open={props.open} called={called} />
      <Steps task={props.open.task.id} />
    </div>
  );
}

const told = (error: unknown) => errorOfThrown(error).message;

/** Annotations that are gone, each to be brought back as it was last. */
function Removed(props: { screen: Screen; open: Open; called: (id: number | undefined) => string }) {
  const [removed] = createResource(() => props.open.task.id, removedOf);
  const [busy, setBusy] = createSignal(false);
  const reopen = () => props.screen.openSubject(props.open.session.subject);
  const carryOut = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      await reopen();
    } catch (error) {
      toast(told(error), { tone: "danger" });
    }
    setBusy(false);
  };
  const bringBack = (version: AnnotationVersion) =>
    carryOut(async () => {
      await restoreVersion(version.id, version.version);
      const undo = () => void carryOut(() => removeAnnotation(version.id));
      toast(say("broughtBack"), { tone: "success", action: { label: say("undo"), run: undo } });
    });
  const list = () => (removed.error ? [] : (removed.latest ?? []));
  return (
    <Show when={list().length}>
      <section aria-labelledby="history-removed">
        <h3 id="history-removed">{say("removedAnnotations")}</h3>
        <ul class="beside-list">
          <For each={list()}>
            {(version) => (
              <li class="beside-row">
                <div>
                  <span class="beside-line">
                    {authorOf(version, props.called)} <span class="muted tabular">#{version.id}</span>
                  </span>
                  <span class="muted">
                    {say("holds", { count: version.result.length })} · {formatDate(version.updated_at)}
                  </span>
                </div>
                <Button size="small" busy={busy()} onClick={() => void bringBack(version)}>
                  {say("bringBack")}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

const authorOf = (version: AnnotationVersion, called: (id: number | undefined) => string) =>
  called(typeof version.completed_by === "object" ? version.completed_by.id : version.completed_by);

/** The states of the task: who made which step when, and why. */
function Steps(props: { task: number }) {
  const [states] = createResource(() => props.task, statesOf);
  const list = () => (states.error ? [] : (states.latest ?? []));
  return (
    <section aria-labelledby="history-steps">
      <h3 id="history-steps">{say("steps")}</h3>
      <ol class="beside-list">
        <For each={list()} fallback={<li class="muted">{say("noSteps")}</li>}>
          {(step) => (
            <li class="beside-step">
              <span class="beside-line">
                <Badge>{stateName(step.state)}</Badge>
                <Show when={step.transition_name}>
                  {(name) => <span class="muted">{transitionName(name())}</span>}
                </Show>
              </span>
              <span class="muted">
                <Show when={step.triggered_by}>
                  {(person) => (
                    <>
                      <bdi>{person().email}</bdi>,{" "}
                    </>
                  )}
                </Show>
                {formatDate(step.created_at)}
              </span>
              <Show when={step.reason}>
                <blockquote>{step.reason}</blockquote>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
