/** Who belongs to the organization: members and their roles, open invitations, groups. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { about, groupsQuery, membersQuery } from "../../api/queries";
import { currentUser } from "../../app/auth";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Groups } from "./Groups";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { MemberRow } from "./MemberRow";
import { fits } from "./members";
import "../page.css";
import "./members.css";

export default function MembersPage() {
  useTitle(() => t("members.title"));
  return (
    <Show when={currentUser()} keyed>
      {(user) => (
        <Members
          organization={user.active_organization}
          title={user.active_organization_meta?.title ?? ""}
          may={(action) => user.permissions.includes(action)}
        />
      )}
    </Show>
  );
}

function Members(props: { organization: number; title: string; may: (action: string) => boolean }) {
  const client = useQueryClient();
  const members = useQuery(() => membersQuery(props.organization));
  const groups = useQuery(() => groupsQuery());
  const [search, setSearch] = createSignal("");
  const [inviting, setInviting] = createSignal(false);
  const changed = () => void client.invalidateQueries({ queryKey: about.members });

  return (
    <div class="page members">
      <div class="page-head">
        <div class="members-title">
          <h1>{t("members.title")}</h1>
          <p class="muted">{props.title}</p>
        </div>
        <Show when={props.may("member.invite")}>
          <Button look="primary" icon="plus" onClick={() => setInviting(true)}>
            {t("invite.action")}
          </Button>
        </Show>
      </div>
      <Loaded query={members}>
        {(everybody) => (
          <>
            <Show when={everybody().length > 8}>
              <TextField label={t("members.search")} type="search" value={search()} onInput={setSearch} />
            </Show>
            <ul class="panel people">
              <For
                each={everybody().filter((member) => fits(member, search()))}
                fallback={<li class="muted">{t("ui.noMatches")}</li>}
              >
                {(member) => (
                  <MemberRow
                    member={member}
                    organization={props.organization}
                    title={props.title}
                    groups={groups.isSuccess ? groups.data : []}
                    may={props.may}
                    onChanged={changed}
                  />
                )}
              </For>
            </ul>
            <Show when={everybody().length === 1}>
              <EmptyState icon="user" title={t("members.alone")}>
                {t("members.aloneHint")}
              </EmptyState>
            </Show>
            <Show when={props.may("member.invite")}>
              <Invitations onChanged={changed} />
            </Show>
            <Groups
              members={everybody()}
              query={groups}
              mayManage={props.may("group.manage")}
              onChanged={changed}
            />
          </>
        )}
      </Loaded>
      <InviteDialog open={inviting()} onClose={() => setInviting(false)} onInvited={changed} />
    </div>
  );
}
