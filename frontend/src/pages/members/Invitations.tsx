/** Invitations that can still be used, and taking them back. */
import { useQuery } from "@tanstack/solid-query";
import { For } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { invitationsQuery } from "../../api/queries";
import { formatDate, t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { toast } from "../../ui/toasts";

export function Invitations(props: { onChanged: () => void }) {
  const query = useQuery(() => invitationsQuery());
  const revoke = async (id: number) => {
    try {
      await ok(api.DELETE("/api/invitations/{invitation_id}/", { params: { path: { invitation_id: id } } }));
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    }
    props.onChanged();
  };
  return (
    <section class="members-section">
      <h2>{t("invite.list")}</h2>
      <Loaded query={query}>
        {(found) => (
          <ul class="panel people">
            <For each={found()} fallback={<li class="muted">{t("invite.none")}</li>}>
              {(invitation) => (
                <li class="people-row">
                  <div class="people-name">
                    <span>{invitation.email || t("invite.anyone")}</span>
                    <span class="muted">
                      {t("invite.until", { when: formatDate(invitation.expires_at) })}
                    </span>
                  </div>
                  <span class="people-role">{t(`role.${invitation.role}`)}</span>
                  <Button size="small" onClick={() => void revoke(invitation.id)}>
                    {t("invite.revoke")}
                  </Button>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </section>
  );
}
