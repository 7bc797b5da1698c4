/** What a project is called and how its tasks are handed out. */
import { createMemo, createSignal, Show } from "solid-js";
import type { Project, ProjectSettings } from "../../api/types";
import { useCommands } from "../../app/commands";
import { t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { Checkbox, Field, TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { LeaveGuard } from "./LeaveGuard";
import { orderOf, orders, settingsOf } from "./order";
import { createSaving } from "./save";
import { say } from "./words";

type Form = Pick<
  ProjectSettings,
  | "title"
  | "description"
  | "color"
  | "sampling"
  | "strategy"
  | "show_ground_truth_first"
  | "assigned_only"
  | "honeypot_every"
  | "blind_mode"
  | "skip_queue"
  | "maximum_annotations"
  | "show_skip_button"
  | "expert_instruction"
  | "show_instruction"
  | "enable_empty_annotation"
  | "show_collab_predictions"
>;

const colours = [
  "#FFFFFF",
  "#2f7ed8",
  "#3f9a5b",
  "#b8860b",
  "#d8572f",
  "#b5427a",
  "#7a5bd0",
  "#2a9d9d",
  "#64748b",
];

const formOf = (project: Project): Form => ({
  title: project.title,
  description: project.description,
  color: project.color,
  sampling: project.sampling,
  strategy: project.strategy,
  show_ground_truth_first: project.show_ground_truth_first,
  assigned_only: project.assigned_only ?? false,
  honeypot_every: project.honeypot_every ?? 0,
  blind_mode: project.blind_mode,
  skip_queue: project.skip_queue,
  maximum_annotations: project.maximum_annotations,
  show_skip_button: project.show_skip_button,
  expert_instruction: project.expert_instruction,
  show_instruction: project.show_instruction,
  enable_empty_annotation: project.enable_empty_annotation,
  show_collab_predictions: project.show_collab_predictions,
});

/** The fields of `now` that differ from `before`. */
export function changes<Fields extends object>(before: Fields, now: Fields): Partial<Fields> {
  const changed = Object.entries(now).filter(([key, value]) => before[key as keyof Fields] !== value);
  return Object.fromEntries(changed) as Partial<Fields>;
}

export function General(props: { project: Project; mayChange: boolean }) {
  const [edits, setEdits] = createSignal<Partial<Form>>({});
  const saving = createSaving(() => props.project.id);
  const stored = createMemo(() => formOf(props.project));
  const form = createMemo((): Form => ({ ...stored(), ...edits() }));
  const changed = createMemo(() => changes(stored(), form()));
  const dirty = () => Object.keys(changed()).length > 0;
  const set = <Key extends keyof Form>(key: Key, value: Form[Key]) =>
    setEdits((now) => ({ ...now, [key]: value }));
  const fault = (field: keyof Form) => saving.error()?.faultOf(field)?.message;

  const save = async () => {
    if (props.mayChange && dirty() && (await saving.save(changed()))) setEdits({});
  };
  useCommands(() =>
    props.mayChange
      ? [
          {
            id: "settings-save",
            title: t("action.save"),
            group: t("app.settings"),
            keys: "$mod+S",
            icon: "check",
            run: () => void save(),
          },
        ]
      : [],
  );

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="settings-fields" disabled={!props.mayChange}>
        <section class="form-section">
          <TextField
            label={t("project.title")}
            value={form().title}
            onInput={(value) => set("title", value)}
            required
            minlength={3}
            maxlength={50}
            error={fault("title")}
          />
          <TextArea
            label={t("project.description")}
            value={form().description ?? ""}
            onInput={(value) => set("description", value)}
          />
          <fieldset class="colours">
            <legend class="field-label">{say("project.colour")}</legend>
            {colours.map((colour, place) => (
              <label style={{ "--colour": colour }}>
                <input
                  type="radio"
                  name="colour"
                  checked={form().color.toLowerCase() === colour.toLowerCase()}
                  onChange={() => set("color", colour)}
                />
                <span class="visually-hidden">
                  {place === 0 ? say("project.noColour") : say("project.colourNumber", { number: place })}
                </span>
              </label>
            ))}
          </fieldset>
        </section>
        <section class="form-section">
          <h2>{t("settings.queue")}</h2>
          <Select
            label={say("project.sampling")}
            options={[...orders, ...(orderOf(stored()) === "custom" ? (["custom"] as const) : [])].map(
              (order) => ({ value: order, label: say(`sampling.${order}`) }),
            )}
            value={orderOf(form())}
            onChange={(order) => setEdits((now) => ({ ...now, ...settingsOf(order, stored()) }))}
          />
          <Field
            label={say("project.honeypots")}
            hint={say("project.honeypotsHint")}
            error={fault("honeypot_every")}
          >
            {(attributes) => (
              <input
                class="input settings-number"
                type="number"
                min={0}
                max={1000}
                value={form().honeypot_every ?? 0}
                onInput={(event) => set("honeypot_every", event.currentTarget.valueAsNumber || 0)}
                {...attributes}
              />
            )}
          </Field>
          <Field
            label={say("project.overlap")}
            hint={say("project.overlapHint")}
            error={fault("maximum_annotations")}
          >
            {(attributes) => (
              <input
                class="input settings-number"
                type="number"
                min={1}
                max={100}
                required
                value={form().maximum_annotations}
                onInput={(event) => set("maximum_annotations", event.currentTarget.valueAsNumber || 1)}
                {...attributes}
              />
            )}
          </Field>
          <Checkbox
            label={say("project.assignedOnly")}
            hint={say("project.assignedOnlyHint")}
            checked={form().assigned_only ?? false}
            onChange={(value) => set("assigned_only", value)}
          />
          <Checkbox
            label={say("project.groundTruthFirst")}
            checked={form().show_ground_truth_first}
            onChange={(value) => set("show_ground_truth_first", value)}
          />
          <Checkbox
            label={say("project.skipButton")}
            checked={form().show_skip_button}
            onChange={(value) => set("show_skip_button", value)}
          />
          <Select
            label={say("project.skipQueue")}
            options={[
              { value: "REQUEUE_FOR_OTHERS", label: say("skip.others") },
              { value: "REQUEUE_FOR_ME", label: say("skip.me") },
              { value: "IGNORE_SKIPPED", label: say("skip.ignore") },
            ]}
            value={form().skip_queue}
            onChange={(value) => set("skip_queue", value)}
          />
          <Select
            label={say("project.blind")}
            options={[
              { value: "off", label: say("blind.off") },
              { value: "annotations", label: say("blind.annotations") },
              { value: "annotations_and_predictions", label: say("blind.all") },
            ]}
            value={form().blind_mode}
            onChange={(value) => set("blind_mode", value)}
          />
          <Checkbox
            label={say("project.emptyAnnotation")}
            checked={form().enable_empty_annotation}
            onChange={(value) => set("enable_empty_annotation", value)}
          />
          <Checkbox
            label={say("project.showPredictions")}
            checked={form().show_collab_predictions}
            onChange={(value) => set("show_collab_predictions", value)}
          />
        </section>
        <section class="form-section">
          <h2>{t("settings.instructions")}</h2>
          <TextArea
            label={say("project.instruction")}
            hint={say("project.instructionHint")}
            rows={6}
            value={form().expert_instruction ?? ""}
            onInput={(value) => set("expert_instruction", value)}
          />
          <Checkbox
            label={say("project.showInstruction")}
            checked={form().show_instruction}
            onChange={(value) => set("show_instruction", value)}
          />
        </section>
      </fieldset>
      <Show when={props.mayChange}>
        <SaveBar
          dirty={dirty()}
          busy={saving.busy()}
          error={saving.error()?.message}
          onUndo={() => setEdits({})}
        />
      </Show>
      <LeaveGuard dirty={dirty()} />
    </form>
  );
}

export function SaveBar(props: {
  dirty: boolean;
  busy: boolean;
  blocked?: boolean;
  error?: string | undefined;
  onUndo: () => void;
}) {
  return (
    <div class="save-bar">
      <Button look="primary" type="submit" busy={props.busy} disabled={!props.dirty || props.blocked}>
        {t("action.save")}
      </Button>
      <Button disabled={!props.dirty} onClick={props.onUndo}>
        {t("action.undo")}
      </Button>
      <Show when={props.error}>
        <p class="field-error" role="alert">
          {props.error}
        </p>
      </Show>
      <Show when={!props.error && props.dirty}>
        <p class="muted" role="status">
          {t("settings.unsaved")}
        </p>
      </Show>
    </div>
  );
}
