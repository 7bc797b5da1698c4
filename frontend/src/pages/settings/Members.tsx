/** Who may do what in the project: open or closed, roles of people and of groups. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { about, accessQuery, groupsQuery, peopleQuery } from "../../api/queries";
import { type ProjectAccess, type ProjectRoleName, projectRoleNames, type UserRef } from "../../api/types";
import { t } from "../../app/i18n";
import { allows } from "../../app/rights";
import { createSending } from "../../app/sending";
import { Avatar, personName } from "../../ui/Avatar";
import { Checkbox } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { Accuracy } from "./Accuracy";
import { say } from "./words";
import "../members/members.css";

const nothing = "none";
type Choice = ProjectRoleName | typeof nothing;

export function ProjectMembers(props: { project: number }) {
  const client = useQueryClient();
  const access = useQuery(() => accessQuery(props.project));
  const sending = createSending();
  const path = () => ({ project_id: props.project });

  const change = async (request: () => Promise<unknown>) => {
    if (!(await sending.send(request))) toast(sending.error()?.message ?? "", { tone: "danger" });
    await client.invalidateQueries({ queryKey: about.project(props.project) });
  };
  const close = (is_members_only: boolean) =>
    change(() =>
      ok(
        api.PATCH("/api/projects/{project_id}/access/", {
          params: { path: path() },
          body: { is_members_only },
        }),
      ),
    );
  const giveTo = (user: number, role: Choice) =>
    change(() =>
      ok(
        api.PUT("/api/projects/{project_id}/members/{user_id}/", {
          params: { path: { ...path(), user_id: user } },
          body: { role: role === nothing ? null : role },
        }),
      ),
    );
  const giveToGroup = (group: number, role: Choice) =>
    change(() =>
      ok(
        api.PUT("/api/projects/{project_id}/groups/{group_id}/", {
          params: { path: { ...path(), group_id: group } },
          body: { role: role === nothing ? null : role },
        }),
      ),
    );

  return (
    <Loaded query={access}>
      {(found) => {
        const mayChange = () => allows(found().your_role, "manage");
        return (
          <div class="form">
            <Checkbox
              look="switch"
              label={say("access.closed")}
              hint={say("access.closedHint")}
              checked={found().is_members_only}
              disabled={!mayChange() || sending.busy()}
              onChange={(closed) => void close(closed)}
            />
            <section class="members-section">
              <h2>{say("access.people")}</h2>
              <ul class="panel people">
                <For each={found().members}>
                  {(member) => <PersonRow member={member} mayChange={mayChange()} onGive={giveTo} />}
                </For>
              </ul>
              <Show when={mayChange() && found().is_members_only}>
                <AddPerson access={found()} onAdd={(user) => void giveTo(user, "annotator")} />
              </Show>
            </section>
            <section class="members-section">
              <h2>{t("groups.title")}</h2>
              <ul class="panel people">
                <For each={found().groups} fallback={<li class="muted">{say("access.noGroups")}</li>}>
                  {(entry) => (
                    <li class="people-row">
                      <div class="people-name">{entry.group.name}</div>
                      <RoleChoice
                        name={entry.group.name}
                        value={entry.role}
                        without={say("access.take")}
                        mayChange={mayChange()}
                        onChoose={(role) => void giveToGroup(entry.group.id, role)}
                      />
                    </li>
                  )}
                </For>
              </ul>
              <Show when={mayChange()}>
                <AddGroup access={found()} onAdd={(group) => void giveToGroup(group, "annotator")} />
              </Show>
            </section>
            <Show when={mayChange()}>
              <Accuracy project={props.project} />
            </Show>
          </div>
        );
      }}
    </Loaded>
  );
}

function PersonRow(props: {
  member: ProjectAccess["members"][number];
  mayChange: boolean;
  onGive: (user: number, role: Choice) => Promise<void>;
}) {
  const user = (): UserRef => props.member.user;
  const rules = () => props.member.role === "owner" || props.member.role === "administrator";
  return (
    <li class="people-row">
      <Avatar person={user()} size={32} decorative />
      <div class="people-name">
        <span>{personName(user())}</span>
        <span class="muted">{say("access.counts", { role: t(`role.${props.member.role}`) })}</span>
      </div>
      <Show when={!rules()}>
        <RoleChoice
          name={personName(user())}
          value={props.member.own_role ?? nothing}
          without={say("access.otherwise")}
          mayChange={props.mayChange}
          onChoose={(role) => void props.onGive(user().id, role)}
        />
      </Show>
    </li>
  );
}

function RoleChoice(props: {
  name: string;
  value: Choice;
  without: string;
  mayChange: boolean;
  onChoose: (role: Choice) => void;
}) {
  const label = (role: Choice) => (role === nothing ? props.without : t(`role.${role}`));
  return (
    <Show when={props.mayChange} fallback={<span class="people-role">{label(props.value)}</span>}>
      <Select<Choice>
        label={t("members.role", { name: props.name })}
        labelHidden
        options={[nothing, ...projectRoleNames].map((role) => ({
          value: role as Choice,
          label: label(role as Choice),
        }))}
        value={props.value}
        onChange={(role) => {
          if (role !== props.value) props.onChoose(role);
        }}
      />
    </Show>
  );
}

/** A choice that acts and then stands empty again. */
function Adding(props: {
  label: string;
  options: readonly { id: number; label: string }[];
  onAdd: (id: number) => void;
}) {
  const [chosen, setChosen] = createSignal<string>(nothing);
  return (
    <Show when={props.options.length > 0}>
      <Select
        label={props.label}
        options={[
          { value: nothing, label: say("access.choose") },
          ...props.options.map(({ id, label }) => ({ value: String(id), label })),
        ]}
        value={chosen()}
        onChange={(value) => {
          setChosen(value);
          if (value !== nothing) props.onAdd(Number(value));
          setChosen(nothing);
        }}
      />
    </Show>
  );
}

function AddPerson(props: { access: ProjectAccess; onAdd: (user: number) => void }) {
  const people = useQuery(() => peopleQuery());
  const here = () => new Set(props.access.members.map(({ user }) => user.id));
  const options = () =>
    (people.isSuccess ? people.data : [])
      .filter(({ id }) => !here().has(id))
      .map((person) => ({ id: person.id, label: personName(person) }));
  return <Adding label={say("access.addPerson")} options={options()} onAdd={props.onAdd} />;
}

function AddGroup(props: { access: ProjectAccess; onAdd: (group: number) => void }) {
  const groups = useQuery(() => groupsQuery());
  const here = () => new Set(props.access.groups.map(({ group }) => group.id));
  const options = () =>
    (groups.isSuccess ? groups.data : [])
      .filter(({ id }) => !here().has(id))
      .map(({ id, name }) => ({ id, label: name }));
  return <Adding label={say("access.addGroup")} options={options()} onAdd={props.onAdd} />;
}
