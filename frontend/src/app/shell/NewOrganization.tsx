/** Founds an organization, and goes there. */
import { createSignal } from "solid-js";
import { api, ok } from "../../api/client";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { t } from "../i18n";
import { createSending } from "../sending";

export default function NewOrganization(props: { onClose: () => void }) {
  const [title, setTitle] = createSignal("");
  const sending = createSending();
  const found = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { title: title().trim() };
    if (await sending.send(() => ok(api.POST("/api/organizations/", { body })))) {
      window.location.assign("/projects");
    }
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      size="small"
      title={t("organization.create")}
      description={t("organization.createHint")}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button look="primary" type="submit" form="new-organization" busy={sending.busy()}>
            {t("organization.create")}
          </Button>
        </>
      }
    >
      <form id="new-organization" onSubmit={found}>
        <TextField
          label={t("organization.name")}
          required
          value={title()}
          onInput={setTitle}
          error={sending.error()?.message}
        />
      </form>
    </Dialog>
  );
}
