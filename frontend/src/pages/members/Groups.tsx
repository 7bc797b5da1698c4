/** Groups of members: making, filling and deleting them. */
import { createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import type { Group, Member } from "../../api/types";
import { t } from "../../app/i18n";
import { createSending } from "../../app/sending";
import { personName } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { Checkbox, TextField } from "../../ui/Field";
import { Loaded, type Loading } from "../../ui/Loaded";
import { toast } from "../../ui/toasts";

export function Groups(props: {
  members: readonly Member[];
  query: Loading<Group[]>;
  mayManage: boolean;
  onChanged: () => void;
}) {
  const [making, setMaking] = createSignal(false);
  const [edited, setEdited] = createSignal<number | null>(null);
  const [doomed, setDoomed] = createSignal<Group | null>(null);
  const sending = createSending();
  const group = () =>
    props.query.isPending ? undefined : props.query.data?.find(({ id }) => id === edited());

  const erase = async (id: number) => {
    if (
      await sending.send(() =>
        ok(api.DELETE("/api/groups/{group_id}/", { params: { path: { group_id: id } } })),
      )
    ) {
      setDoomed(null);
      props.onChanged();
    }
  };

  return (
    <section class="members-section">
      <div class="members-head">
        <div>
          <h2>{t("groups.title")}</h2>
          <p class="muted">{t("groups.hint")}</p>
        </div>
        <Show when={props.mayManage}>
          <Button icon="plus" onClick={() => setMaking(true)}>
            {t("groups.create")}
          </Button>
        </Show>
      </div>
      <Loaded query={props.query}>
        {(found) => (
          <ul class="panel people">
            <For each={found()} fallback={<li class="muted">{t("groups.none")}</li>}>
              {(one) => (
                <li class="people-row">
                  <div class="people-name">
                    <span>{one.name}</span>
                  </div>
                  <Show
                    when={props.mayManage}
                    fallback={<span>{t("groups.count", { count: one.members.length })}</span>}
                  >
                    <Button size="small" onClick={() => setEdited(one.id)}>
                      {t("groups.count", { count: one.members.length })}
                    </Button>
                    <Button
                      look="quiet"
                      size="small"
                      icon="trash-2"
                      label={t("groups.delete", { name: one.name })}
                      onClick={() => setDoomed(one)}
                    />
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
      <NewGroup open={making()} onClose={() => setMaking(false)} onMade={props.onChanged} />
      <Show when={group()}>
        {(one) => (
          <Dialog
            open
            size="small"
            title={t("groups.edit", { name: one().name })}
            onClose={() => setEdited(null)}
          >
            <Filling group={one()} members={props.members} onChanged={props.onChanged} />
          </Dialog>
        )}
      </Show>
      <Show when={doomed()}>
        {(one) => (
          <Confirm
            open
            title={t("groups.deleteTitle", { name: one().name })}
            action={t("groups.delete", { name: one().name })}
            cancel={t("action.cancel")}
            busy={sending.busy()}
            error={sending.error()?.message}
            onClose={() => setDoomed(null)}
            onConfirm={() => void erase(one().id)}
          >
            <p>{t("groups.deleteHint")}</p>
          </Confirm>
        )}
      </Show>
    </section>
  );
}

function NewGroup(props: { open: boolean; onClose: () => void; onMade: () => void }) {
  const [name, setName] = createSignal("");
  const sending = createSending();
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await sending.send(() => ok(api.POST("/api/groups/", { body: { name: name() } }))))) return;
    setName("");
    props.onMade();
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      size="small"
      title={t("groups.create")}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button look="primary" type="submit" form="new-group" busy={sending.busy()}>
            {t("action.save")}
          </Button>
        </>
      }
    >
      <form id="new-group" class="form" onSubmit={make}>
        <TextField
          label={t("groups.name")}
          required
          maxlength={100}
          value={name()}
          onInput={setName}
          error={sending.error()?.message}
        />
      </form>
    </Dialog>
  );
}

/** Each tick takes effect at once. */
function Filling(props: { group: Group; members: readonly Member[]; onChanged: () => void }) {
  const sending = createSending();
  const set = async (user: number, isIn: boolean) => {
    const options = { params: { path: { group_id: props.group.id, user_id: user } } };
    const path = "/api/groups/{group_id}/members/{user_id}/" as const;
    const request = () => ok(isIn ? api.PUT(path, options) : api.DELETE(path, options));
    if (!(await sending.send(request))) toast(sending.error()?.message ?? "", { tone: "danger" });
    props.onChanged();
  };
  return (
    <div class="filling">
      <For each={props.members}>
        {(member) => (
          <Checkbox
            label={personName(member.user)}
            hint={member.user.email}
            checked={props.group.members.includes(member.user.id)}
            onChange={(isIn) => void set(member.user.id, isIn)}
          />
        )}
      </For>
    </div>
  );
}
