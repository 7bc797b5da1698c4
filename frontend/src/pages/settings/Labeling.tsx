/** The labeling config of a project that may have annotations already: what they use must stay. */
import { createSignal } from "solid-js";
import type { Project } from "../../api/types";
import { useCommands } from "../../app/commands";
import { t } from "../../app/i18n";
import { ConfigEditor, createConfigCheck } from "../create/ConfigEditor";
import { SaveBar } from "./General";
import { LeaveGuard } from "./LeaveGuard";
import { createSaving } from "./save";

export function Labeling(props: { project: Project }) {
  const [edited, setEdited] = createSignal<string | null>(null);
  const config = () => edited() ?? props.project.label_config;
  const dirty = () => config() !== props.project.label_config;
  const check = createConfigCheck(config);
  const saving = createSaving(() => props.project.id);
  const blocked = () => check.state() === "faulty";

  const save = async () => {
    if (dirty() && !blocked() && (await saving.save({ label_config: config() }))) setEdited(null);
  };
  useCommands(() => [
    {
      id: "labeling-save",
      title: t("action.save"),
      group: t("app.settings"),
      keys: "$mod+S",
      icon: "check",
      run: () => void save(),
    },
  ]);

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="muted">{t("settings.labelingHint")}</p>
      <ConfigEditor config={config()} onInput={setEdited} check={check} labelHidden />
      <SaveBar
        dirty={dirty()}
        busy={saving.busy()}
        blocked={blocked()}
        error={saving.error()?.message}
        onUndo={() => setEdited(null)}
      />
      <LeaveGuard dirty={dirty()} />
    </form>
  );
}
