/** Invites somebody into a role: by a link to pass on, or by mail. */
import { createEffect, createSignal, Show } from "solid-js";
import { api, ok } from "../../api/client";
import type { RoleName } from "../../api/types";
import { currentUser } from "../../app/auth";
import { t } from "../../app/i18n";
import { createSending } from "../../app/sending";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { grantable } from "./members";

const periods = ["1", "7", "30", "90"] as const;
type Period = (typeof periods)[number];

export function InviteDialog(props: { open: boolean; onClose: () => void; onInvited: () => void }) {
  const [email, setEmail] = createSignal("");
  const [role, setRole] = createSignal<RoleName>("annotator");
  const [days, setDays] = createSignal<Period>("7");
  const [link, setLink] = createSignal("");
  const sending = createSending();
  createEffect(() => {
    if (!props.open) return;
    setEmail("");
    setLink("");
  });

  const invite = async () => {
    const body = { role: role(), email: email().trim(), days: Number(days()) };
    const request = async () => {
      const made = await ok(api.POST("/api/invitations/", { body }));
      props.onInvited();
      if (!made.email) return setLink(made.url);
      toast(t("invite.sent", { email: made.email }), { tone: "success" });
      props.onClose();
    };
    await sending.send(request);
  };
  const copy = () =>
    navigator.clipboard.writeText(link()).then(
      () => toast(t("invite.copied"), { tone: "success" }),
      () => toast(t("account.copyFailed"), { tone: "danger" }),
    );
  const elsewhere = () => {
    const error = sending.error();
    return error && !error.faultOf("email") ? error.message : null;
  };

  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      size="small"
      title={t("invite.title")}
      footer={
        <Show
          when={!link()}
          fallback={
            <Button look="primary" onClick={() => props.onClose()}>
              {t("action.done")}
            </Button>
          }
        >
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button look="primary" type="submit" form="invite" busy={sending.busy()}>
            {t("invite.action")}
          </Button>
        </Show>
      }
    >
      <Show
        when={!link()}
        fallback={
          <div class="invite-link">
            <TextField
              label={t("invite.link")}
              hint={t("invite.linkHint")}
              readonly
              autofocus
              value={link()}
              onInput={() => undefined}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Button icon="copy" onClick={() => void copy()}>
              {t("account.copy")}
            </Button>
          </div>
        }
      >
        <form
          id="invite"
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void invite();
          }}
        >
          <TextField
            label={t("invite.email")}
            hint={t("invite.emailHint")}
            type="email"
            autocomplete="off"
            value={email()}
            onInput={setEmail}
            error={sending.error()?.faultOf("email")?.message}
          />
          <Select
            label={t("invite.role")}
            options={grantable(currentUser()?.role).map((value) => ({ value, label: t(`role.${value}`) }))}
            value={role()}
            onChange={setRole}
          />
          <Select
            label={t("invite.days")}
            options={periods.map((value) => ({
              value,
              label: t("invite.daysCount", { count: Number(value) }),
            }))}
            value={days()}
            onChange={setDays}
          />
          <Show when={elsewhere()}>
            <p class="field-error" role="alert">
              {elsewhere()}
            </p>
          </Show>
        </form>
      </Show>
    </Dialog>
  );
}
