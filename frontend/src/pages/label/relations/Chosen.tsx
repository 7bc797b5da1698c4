/** The relation that is chosen: its ends, its direction, its labels. */
import { For, Show } from "solid-js";
import { Button } from "../../../ui/Button";
import { directionOf, signs } from "./direction";
import { EndName } from "./EndName";
import type { PartProps } from "./List";
import { inWords, offeredLabels, titlesOf } from "./naming";
import type { Relation } from "./state";
import { say } from "./words";

export function Chosen(props: PartProps & { relation: Relation; onRemove: (slot: number) => void }) {
  const { host, relations } = props;
  const item = () => props.relation.item;
  const { items: offered, single } = offeredLabels(host);
  const labels = (): readonly string[] => (Array.isArray(item().labels) ? (item().labels as string[]) : []);
  const toggle = (label: string) => {
    const rest = labels().filter((other) => other !== label);
    const without = rest.length < labels().length;
    relations.setLabels(props.relation.slot, without ? rest : single ? [label] : [...labels(), label]);
  };
  return (
    <div
      class="relation-chosen"
      role="group"
      aria-label={inWords(host, item())}
      onMouseEnter={() => relations.point(props.relation.slot)}
      onMouseLeave={() => relations.point(null)}
    >
      <End {...props} id={item().from_id} />
      <button
        type="button"
        class="relation-end"
        aria-label={say("turn", { what: inWords(host, item()) })}
        disabled={host.readOnly}
        onClick={() => relations.turn(props.relation.slot)}
      >
        <span class="relation-sign">{signs[directionOf(item())]}</span>
      </button>
      <End {...props} id={item().to_id} />
      <Button
        class="relation-remove"
        look="quiet"
        size="small"
        icon="trash-2"
        label={say("removeRelation")}
        disabled={host.readOnly}
        onClick={() => props.onRemove(props.relation.slot)}
      />
      <Show when={offered.length} fallback={<span class="muted">{titlesOf(host, item()).join(", ")}</span>}>
        <div class="relation-labels" role="group" aria-label={say("relationLabels")}>
          <For each={offered}>
            {(label) => (
              <button
                type="button"
                class="relation-label"
                aria-pressed={labels().includes(label.stored)}
                disabled={host.readOnly}
                onClick={() => toggle(label.stored)}
              >
                {label.value}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}

function End(props: PartProps & { id: string | undefined }) {
  return (
    <button type="button" class="relation-end" onClick={() => props.relations.goTo(props.id ?? "")}>
      <EndName host={props.host} id={props.id} />
    </button>
  );
}
