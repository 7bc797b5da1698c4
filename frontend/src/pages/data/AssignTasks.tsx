/** Assigns the ticked tasks to members of the project, or takes them off. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, accessQuery, type TaskView } from "../../api/queries";
import type { ActionOutcome, ProjectAccess } from "../../api/types";
import { t } from "../../app/i18n";
import { followJobs } from "../../app/jobs";
import { personName } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Checkbox } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import type { Selection } from "./selection";
import { say } from "./words";

const modes = ["add", "replace", "remove"] as const;
type Mode = (typeof modes)[number];
/** A task can be assigned to so many people. */
const most = 20;

export default function AssignTasks(props: {
  view: TaskView;
  selection: Selection;
  count: number;
  onClose: () => void;
  onAssigned: () => void;
}) {
  const client = useQueryClient();
  const access = useQuery(() => accessQuery(props.view.project));
  const [users, setUsers] = createSignal<readonly number[]>([]);
  const [mode, setMode] = createSignal<Mode>("add");
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();
  const ready = () => users().length > 0 || mode() === "replace";

  const toggle = (user: number, on: boolean) =>
    setUsers((now) => (on ? [...now, user] : now.filter((other) => other !== user)));

  const save = async () => {
    if (!ready() || busy()) return;
    const { project, filters, ordering } = props.view;
    setBusy(true);
    setError(undefined);
    try {
      // only `next_task` answers otherwise
      const answer = (await ok(
        api.POST("/api/dm/actions/", {
          params: { query: { project, id: "assign_annotators" } },
          body: {
            users: users(),
            mode: mode(),
            selectedItems: props.selection,
            ordering: [...ordering],
            ...(filters ? { filters } : {}),
          },
        }),
      )) as ActionOutcome;
      const isAtWork = answer.state !== undefined && answer.state !== "completed";
      if (isAtWork) void followJobs(project);
      toast(
        isAtWork ? say("assigned.atWork") : say("assigned.done", { count: answer.processed_items ?? 0 }),
        { tone: "success" },
      );
      props.onAssigned();
      props.onClose();
      await client.invalidateQueries({ queryKey: about.tasks(project) });
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={props.onClose}
      size="small"
      title={say("assigned.title", { count: props.count })}
      description={say("assigned.hint")}
      footer={
        <>
          <Button onClick={props.onClose}>{t("action.cancel")}</Button>
          <Button look="primary" busy={busy()} disabled={!ready()} onClick={() => void save()}>
            {say("assigned.save")}
          </Button>
        </>
      }
    >
      <form
        class="assign"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Loaded query={access}>
          {(found) => <Annotators access={found()} users={users()} onToggle={toggle} />}
        </Loaded>
        <Select
          label={say("assigned.mode")}
          options={modes.map((value) => ({ value, label: say(`assigned.${value}`) }))}
          value={mode()}
          onChange={setMode}
        />
        <Show when={error()}>
          <p class="field-error" role="alert">
            {error()}
          </p>
        </Show>
      </form>
    </Dialog>
  );
}

function Annotators(props: {
  access: ProjectAccess;
  users: readonly number[];
  onToggle: (user: number, on: boolean) => void;
}) {
  const members = () => props.access.members.filter((member) => member.role !== "viewer");
  return (
    <fieldset class="assign-people">
      <legend class="field-label">{say("assigned.people")}</legend>
      <For each={members()} fallback={<p class="muted">{say("assigned.none")}</p>}>
        {({ user }) => (
          <Checkbox
            label={personName(user)}
            checked={props.users.includes(user.id)}
            disabled={props.users.length >= most && !props.users.includes(user.id)}
            onChange={(on) => props.onToggle(user.id, on)}
          />
        )}
      </For>
    </fieldset>
  );
}
