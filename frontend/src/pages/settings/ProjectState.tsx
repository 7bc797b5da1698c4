/** Whether the project hands out tasks: open, paused or finished, and the ways from here. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { about, projectTransitionsQuery } from "../../api/queries";
import type { OfferedTransition, Project } from "../../api/types";
import { t } from "../../app/i18n";
import { createSending } from "../../app/sending";
import { stateName, transitionName } from "../../app/workflow";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { say } from "./words";

export function ProjectState(props: { project: Project; mayChange: boolean }) {
  const client = useQueryClient();
  const offered = useQuery(() => projectTransitionsQuery(props.project.id));
  const sending = createSending();
  const [asking, setAsking] = createSignal<OfferedTransition | null>(null);
  const [reason, setReason] = createSignal("");
  const state = () => props.project.state ?? "open";

  const make = async (way: OfferedTransition) => {
    const params = { path: { entity: "project", entity_id: props.project.id } };
    const body = { transition_name: way.name, reason: reason() };
    const made = await sending.send(() =>
      ok(api.POST("/api/fsm/entities/{entity}/{entity_id}/transition/", { params, body })),
    );
    if (!made) return;
    setAsking(null);
    setReason("");
    await client.invalidateQueries({ queryKey: about.project(props.project.id) });
    void client.invalidateQueries({ queryKey: about.projects });
  };

  return (
    <section class="workflow-project">
      <Badge tone={state() === "open" ? "success" : "warning"}>{stateName(state())}</Badge>
      <span class="workflow-project-hint muted">{say("workflow.projectHint")}</span>
      <Show when={props.mayChange && offered.isSuccess}>
        <For each={offered.data}>
          {(way) => (
            <Button
              busy={sending.busy()}
              onClick={() => (way.needs_reason ? setAsking(way) : void make(way))}
            >
              {transitionName(way.name, way.title)}
            </Button>
          )}
        </For>
      </Show>
      <Show when={!asking() && sending.error()}>
        {(error) => (
          <p class="field-error" role="alert">
            {error().message}
          </p>
        )}
      </Show>
      <Show when={asking()}>
        {(way) => (
          <Dialog
            title={transitionName(way().name, way().title)}
            open
            onClose={() => setAsking(null)}
            footer={
              <>
                <Button onClick={() => setAsking(null)}>{t("action.cancel")}</Button>
                <Button
                  look="primary"
                  busy={sending.busy()}
                  disabled={!reason().trim()}
                  onClick={() => void make(way())}
                >
                  {transitionName(way().name, way().title)}
                </Button>
              </>
            }
          >
            <TextField
              label={say("workflow.why")}
              value={reason()}
              onInput={setReason}
              error={sending.error()?.message}
            />
          </Dialog>
        )}
      </Show>
    </section>
  );
}
