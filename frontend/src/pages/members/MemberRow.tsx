/** One member: who, in which role and groups, and what can be done with them. */
import { createSignal, For, Show } from "solid-js";
import { api, ok } from "../../api/client";
import type { Group, Member, RoleName } from "../../api/types";
import { currentUser } from "../../app/auth";
import { t } from "../../app/i18n";
import { createSending } from "../../app/sending";
import { Avatar, personName } from "../../ui/Avatar";
import { Badge } from "../../ui/Badge";
import { Confirm } from "../../ui/Confirm";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { grantable } from "./members";

type Question = "remove" | "transfer" | "leave";

export function MemberRow(props: {
  member: Member;
  organization: number;
  title: string;
  groups: readonly Group[];
  may: (action: string) => boolean;
  onChanged: () => void;
}) {
  const [asking, setAsking] = createSignal<Question | null>(null);
  const sending = createSending();
  const name = () => personName(props.member.user);
  const isMe = () => props.member.user.id === currentUser()?.id;
  const roles = () => grantable(currentUser()?.role);
  const mayChange = () => !isMe() && props.may("member.update") && roles().includes(props.member.role);
  const path = () => ({ organization_id: props.organization, user_id: props.member.user.id });

  const change = async (body: { role?: RoleName; is_active?: boolean }) => {
    const request = () =>
      ok(
        api.PATCH("/api/organizations/{organization_id}/memberships/{user_id}/", {
          params: { path: path() },
          body,
        }),
      );
    if (!(await sending.send(request))) toast(sending.error()?.message ?? "", { tone: "danger" });
    props.onChanged();
  };
  const questions: Record<Question, () => Promise<unknown>> = {
    remove: () =>
      ok(
        api.DELETE("/api/organizations/{organization_id}/memberships/{user_id}/", {
          params: { path: path() },
        }),
      ),
    transfer: () =>
      ok(
        api.POST("/api/organizations/{organization_id}/transfer/", {
          params: { path: { organization_id: props.organization } },
          body: { user: props.member.user.id },
        }),
      ),
    leave: () =>
      ok(
        api.POST("/api/organizations/{organization_id}/leave/", {
          params: { path: { organization_id: props.organization } },
        }),
      ),
  };
  const confirm = async () => {
    const question = asking();
    if (!question || !(await sending.send(questions[question]))) return;
    setAsking(null);
    if (question === "remove") props.onChanged();
    // What one may do is another now: begin anew.
    else window.location.assign("/projects");
  };

  const items = (): MenuItem[] => {
    const { is_active } = props.member;
    const ask = (question: Question) => () => setAsking(question);
    if (isMe()) return [{ label: t("members.leave"), icon: "log-out", danger: true, run: ask("leave") }];
    const found: MenuItem[] = [];
    if (props.may("organization.transfer") && is_active)
      found.push({ label: t("members.transfer"), icon: "user", run: ask("transfer") });
    if (mayChange())
      found.push(
        {
          label: is_active ? t("members.deactivate") : t("members.reactivate"),
          icon: is_active ? "circle-x" : "circle-check",
          run: () => void change({ is_active: !is_active }),
        },
        { label: t("members.remove"), icon: "trash-2", danger: true, run: ask("remove") },
      );
    return found;
  };
  const values = () => ({ name: name(), organization: props.title });

  return (
    <li class="people-row" data-inactive={props.member.is_active ? undefined : ""}>
      <Avatar person={props.member.user} size={32} decorative />
      <div class="people-name">
        <span>
          {name()}
          <Show when={isMe()}>
            <span class="muted"> ({t("members.you")})</span>
          </Show>
        </span>
        <span class="muted">{props.member.user.email}</span>
      </div>
      <div class="people-marks">
        <Show when={!props.member.is_active}>
          <Badge tone="warning">{t("members.inactive")}</Badge>
        </Show>
        <For each={props.groups.filter((group) => props.member.groups.includes(group.id))}>
          {(group) => <Badge>{group.name}</Badge>}
        </For>
      </div>
      <Show when={mayChange()} fallback={<span class="people-role">{t(`role.${props.member.role}`)}</span>}>
        <Select
          label={t("members.role", { name: name() })}
          labelHidden
          options={roles().map((role) => ({ value: role, label: t(`role.${role}`) }))}
          value={props.member.role}
          onChange={(role) => {
            if (role !== props.member.role) void change({ role });
          }}
        />
      </Show>
      <Show when={items().length > 0} fallback={<span class="people-more" />}>
        <Menu button={{ icon: "ellipsis", label: t("members.actions", { name: name() }) }} items={items()} />
      </Show>
      <Show when={asking()}>
        {(question) => (
          <Confirm
            open
            title={t(`members.${question()}Title`, values())}
            action={t(`members.${question()}`)}
            cancel={t("action.cancel")}
            busy={sending.busy()}
            error={sending.error()?.message}
            onClose={() => setAsking(null)}
            onConfirm={() => void confirm()}
          >
            <p>{t(`members.${question()}Hint`)}</p>
          </Confirm>
        )}
      </Show>
    </li>
  );
}
