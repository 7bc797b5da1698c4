/** What is known of the selected regions: labels, place, note, relations; and what the screen cannot show. */
import { createMemo, For, Show } from "solid-js";
import { readText } from "../../config/attributes";
import { itemsOf } from "../../config/items";
import { isRelation, type ResultItem } from "../../store/result";
import type { HostRegion } from "../../tags/_contract/contract";
import { Button } from "../../ui/Button";
import { describeItem, describePlace } from "./describe";
import type { LabelHost } from "./host";
import { titleOf } from "./RegionsPanel";
import { say } from "./words";

export default function DetailsPanel(props: { host: LabelHost }) {
  const { host } = props;
  const regions = createMemo(() => host.selection().flatMap((id) => host.region(id) ?? []));
  const one = () => (regions().length === 1 ? regions()[0] : undefined);
  return (
    <section class="details" aria-label={say("details")}>
      <Show when={regions().length > 1}>
        <header class="side-head">
          <h2>{say("selected", { count: regions().length })}</h2>
          <Button
            look="quiet"
            size="small"
            icon="trash-2"
            label={say("deleteSelected")}
            disabled={host.readOnly}
            onClick={() => host.removeRegions(host.selection())}
          />
        </header>
      </Show>
      <Show when={one()}>{(region) => <Details host={host} region={region()} />}</Show>
      <Relations host={host} />
      <Unsupported host={host} />
    </section>
  );
}

function Details(props: { host: LabelHost; region: HostRegion }) {
  const main = () => props.region.items[0];
  const place = () => describePlace(main()?.value ?? {});
  const text = () => (typeof main()?.value?.text === "string" ? (main()?.value?.text as string) : "");
  const others = () => props.region.items.slice(1).filter((item) => !item.type?.endsWith("labels"));
  return (
    <>
      <header class="side-head">
        <h2>{titleOf(props.host, props.region)}</h2>
        <span class="label-gap" />
        <Button
          look="quiet"
          size="small"
          title={say("relateHint")}
          disabled={props.host.readOnly}
          aria-pressed={props.host.relating() === props.region.id}
          onClick={() =>
            props.host.startRelation(props.host.relating() === props.region.id ? null : props.region.id)
          }
        >
          {props.host.relating() === props.region.id ? say("relateOther") : say("relate")}
        </Button>
        <Button
          look="quiet"
          size="small"
          icon="trash-2"
          label={say("deleteRegion")}
          disabled={props.host.readOnly || props.region.locked}
          onClick={() => props.host.removeRegions([props.region.id])}
        />
      </header>
      <dl class="details-list">
        <Show when={text()}>
          <dt>{say("text")}</dt>
          <dd class="details-text">{text()}</dd>
        </Show>
        <Show when={place()}>
          <dt>{say("place")}</dt>
          <dd class="tabular">{place()}</dd>
        </Show>
        <Show when={main()?.origin && main()?.origin !== "manual"}>
          <dt>{say("origin")}</dt>
          <dd>{main()?.origin === "prediction" ? say("predicted") : say("predictedChanged")}</dd>
        </Show>
        <For each={others()}>
          {(item) => (
            <>
              <dt>{item.from_name}</dt>
              <dd>{summary(item)}</dd>
            </>
          )}
        </For>
      </dl>
      <Note {...props} />
    </>
  );
}

/** A note on the region: `meta.text`, a list with one text. */
function Note(props: { host: LabelHost; region: HostRegion }) {
  const stored = () => {
    const text = props.region.items[0]?.meta?.text;
    return Array.isArray(text) ? text.join("\n") : "";
  };
  const write = (text: string) => {
    if (text === stored()) return;
    const { annotation } = props.host;
    annotation.edit("note", (edit) => {
      for (const slot of annotation.document.slots(props.region.id)) {
        const { text: _, ...rest } = annotation.document.item(slot)?.meta ?? {};
        const meta = text ? { ...rest, text: [text] } : rest;
        edit.change(slot, { meta: Object.keys(meta).length ? meta : undefined });
      }
    });
    annotation.document.flush();
  };
  return (
    <textarea
      class="answer"
      rows={1}
      placeholder={say("note")}
      aria-label={say("noteOn")}
      value={stored()}
      readOnly={props.host.readOnly}
      onChange={(event) => write(event.currentTarget.value.trim())}
    />
  );
}

function summary(item: ResultItem): string {
  const value = item.value?.[item.type === "textarea" ? "text" : (item.type ?? "")];
  return Array.isArray(value) ? value.flat().join(", ") : value === undefined ? "" : JSON.stringify(value);
}

function Relations(props: { host: LabelHost }) {
  const relations = createMemo(() => props.host.results({}).filter(isRelation));
  const name = (id: string | undefined) => {
    const region = id === undefined ? undefined : props.host.region(id);
    return region
      ? `${region.labels[0] ?? say("region")} ${describeItem(region)}`.slice(0, 40)
      : say("missingRegion");
  };
  const remove = (item: ResultItem) => {
    const { annotation } = props.host;
    const slot = annotation.document.relations().find((at) => annotation.document.item(at) === item);
    if (slot !== undefined) annotation.edit("remove relation", (edit) => edit.remove(slot));
    annotation.document.flush();
  };
  return (
    <Show when={relations().length}>
      <header class="side-head">
        <h2>
          {say("relations")} <span class="muted tabular">{relations().length}</span>
        </h2>
      </header>
      <ul class="relations">
        <For each={relations()}>
          {(item) => (
            <li>
              <button
                type="button"
                class="relation-end"
                onClick={() => props.host.select([item.from_id ?? ""])}
              >
                {name(item.from_id)}
              </button>
              <RelationMiddle host={props.host} item={item} />
              <button
                type="button"
                class="relation-end"
                onClick={() => props.host.select([item.to_id ?? ""])}
              >
                {name(item.to_id)}
              </button>
              <Button
                look="quiet"
                size="small"
                icon="x"
                label={say("removeRelation")}
                disabled={props.host.readOnly}
                onClick={() => remove(item)}
              />
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

const turns = { right: "left", left: "bi", bi: "right" } as const;
const arrows = { right: "→", left: "←", bi: "↔" } as const;

/** Direction and labels of a relation, to be changed in place. */
function RelationMiddle(props: { host: LabelHost; item: ResultItem }) {
  const { host } = props;
  const tag = host.tree.nodes.find((node) => node.type === "Relations");
  const offered = tag ? itemsOf(tag, host.data) : [];
  const single = tag ? readText(tag, "choice") === "single" : false;
  const direction = () => (props.item.direction ?? "right") as keyof typeof arrows;
  const change = (changes: Partial<ResultItem>) => {
    const { document } = host.annotation;
    const slot = document.relations().find((at) => document.item(at) === props.item);
    if (slot !== undefined) host.annotation.edit("change relation", (edit) => edit.change(slot, changes));
    document.flush();
  };
  const toggle = (label: string) => {
    const labels = props.item.labels ?? [];
    const rest = labels.filter((other) => other !== label);
    const next = rest.length < labels.length ? rest : single ? [label] : [...labels, label];
    change({ labels: next });
  };
  return (
    <>
      <button
        type="button"
        class="relation-end"
        aria-label={say("direction", { direction: arrows[direction()] ?? "→" })}
        disabled={host.readOnly}
        onClick={() => change({ direction: turns[direction()] ?? "right" })}
      >
        {arrows[direction()] ?? "→"}
      </button>
      <For each={offered}>
        {(label) => (
          <button
            type="button"
            class="relation-label"
            aria-pressed={props.item.labels?.includes(label.stored) ?? false}
            disabled={host.readOnly}
            onClick={() => toggle(label.stored)}
          >
            {label.value}
          </button>
        )}
      </For>
      <Show when={!offered.length && props.item.labels?.length}>
        <span class="muted">{props.item.labels?.join(", ")}</span>
      </Show>
    </>
  );
}

/** Items of controls that the configuration no longer has: shown, kept, never written. */
function Unsupported(props: { host: LabelHost }) {
  const items = createMemo(() =>
    props.host
      .results({})
      .filter((item) => !isRelation(item) && !props.host.tree.byName.has(item.from_name ?? "")),
  );
  return (
    <Show when={items().length}>
      <header class="side-head">
        <h2>
          {say("unsupported")} <span class="muted tabular">{items().length}</span>
        </h2>
      </header>
      <p class="muted details-hint">{say("unsupportedHint")}</p>
      <ul class="relations">
        <For each={items().slice(0, 50)}>
          {(item) => (
            <li>
              <span>{item.from_name ?? "?"}</span>
              <span class="muted">{item.type}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
