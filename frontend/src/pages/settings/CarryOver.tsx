/** Asks what became of controls and labels that annotations use, before a config that lacks them is saved. */
import { createSignal, For, onMount, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import type { ConfigEditPlan, Job } from "../../api/types";
import { t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Checkbox } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { guessed, type Loss, lossesOf, mergedLosses, orderOf, type Renamed } from "./carryOver";
import { say } from "./words";

export interface CarryOverProps {
  readonly project: number;
  readonly config: string;
  /** The plan without any renaming. */
  readonly plan: ConfigEditPlan;
  readonly onStarted: (job: Job) => void;
  readonly onClose: () => void;
}

/** The value of the choice that says: it is gone. No name of a control or label has a null character. */
const GONE = "\u0000";

export function CarryOver(props: CarryOverProps) {
  const first = lossesOf(props.plan);
  const [losses, setLosses] = createSignal<readonly Loss[]>(first);
  const [renamed, setRenamed] = createSignal<Renamed>(guessed(first, props.plan.steps));
  const [drops, setDrops] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal("");
  const gone = () => losses().filter(({ key }) => !renamed().has(key));

  const rename = (key: string, name: string) => {
    const next = new Map(renamed());
    if (name === GONE) next.delete(key);
    else next.set(key, name);
    setRenamed(next);
    void replan();
  };
  const order = () => orderOf(props.config, losses(), renamed(), drops() ? "drop" : "keep");
  const path = { project_id: props.project };
  /** A control that has a new name may have lost labels, which only another plan tells. */
  const replan = async () => {
    try {
      const asked = api.POST("/api/projects/{project_id}/config-edits/plan/", {
        params: { path },
        body: order(),
      });
      const plan = await ok(asked);
      const open = losses().filter(({ key, label }) => label !== null && renamed().has(key));
      const fresh = lossesOf(plan).filter(({ key }) => !open.some((one) => one.key === key));
      const news = fresh.filter(({ key }) => !losses().some((one) => one.key === key));
      setRenamed(new Map([...guessed(news, plan.steps), ...renamed()]));
      setLosses(mergedLosses(first, [...open, ...fresh]));
    } catch (thrown) {
      setError(errorOfThrown(thrown).message);
    }
  };
  onMount(() => {
    if (renamed().size > 0) void replan();
  });
  const start = async () => {
    setBusy(true);
    setError("");
    try {
      const body = order();
      props.onStarted(
        await ok(api.POST("/api/projects/{project_id}/config-edits/", { params: { path }, body })),
      );
    } catch (thrown) {
      const refused = errorOfThrown(thrown);
      setError(refused.faults.map(({ message }) => message).join(" ") || refused.message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={say("carry.title")}
      open
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t("action.cancel")}</Button>
          <Button look="primary" busy={busy()} onClick={() => void start()}>
            {say("carry.start")}
          </Button>
        </>
      }
    >
      <div class="form">
        <p>{say("carry.hint")}</p>
        <For each={losses()}>
          {(loss) => (
            <Select
              label={nameOf(loss)}
              hint={say("carry.touched", { count: loss.touched })}
              options={[
                { value: GONE, label: say("carry.gone") },
                ...loss.candidates.map((name) => ({ value: name, label: say("carry.renamed", { name }) })),
              ]}
              value={renamed().get(loss.key) ?? GONE}
              onChange={(name) => rename(loss.key, name)}
            />
          )}
        </For>
        <Show when={gone().length > 0}>
          <Checkbox label={say("carry.drop")} checked={drops()} onChange={setDrops} />
        </Show>
        <p class="muted">{say("carry.undoHint")}</p>
        <Show when={error()}>
          <p class="field-error" role="alert">
            {error()}
          </p>
        </Show>
      </div>
    </Dialog>
  );
}

const nameOf = ({ control, label }: Loss): string =>
  label === null ? say("carry.control", { name: control }) : say("carry.label", { name: label, control });
