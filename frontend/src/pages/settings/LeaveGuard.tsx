/** Asks before a page with unsaved changes is left: by a link, by the back button, or by closing the tab. */
import { type BeforeLeaveEventArgs, useBeforeLeave } from "@solidjs/router";
import { createEffect, createSignal, onCleanup } from "solid-js";
import { t } from "../../app/i18n";
import { Confirm } from "../../ui/Confirm";

export function LeaveGuard(props: { dirty: boolean }) {
  const [leaving, setLeaving] = createSignal<BeforeLeaveEventArgs | null>(null);
  useBeforeLeave((event) => {
    if (!props.dirty || event.defaultPrevented) return;
    event.preventDefault();
    setLeaving(event);
  });
  createEffect(() => {
    if (!props.dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    onCleanup(() => window.removeEventListener("beforeunload", ask));
  });
  return (
    <Confirm
      open={leaving() !== null}
      title={t("settings.leaveTitle")}
      action={t("settings.leave")}
      cancel={t("settings.stay")}
      onClose={() => setLeaving(null)}
      onConfirm={() => {
        const event = leaving();
        setLeaving(null);
        event?.retry(true);
      }}
    >
      <p>{t("settings.leaveHint")}</p>
    </Confirm>
  );
}
