/** What is known of the selected regions: labels, place, note, relations; and what the screen cannot show. */
import { createEffect, createMemo, createSignal, For, onCleanup, Show, Suspense } from "solid-js";
import { fetched } from "../../app/queried";
import { quiet } from "../../app/quiet";
import { isRelation, type ResultItem } from "../../store/result";
import type { HostRegion } from "../../tags/_contract/contract";
import { Button } from "../../ui/Button";
import { describePlace } from "./describe";
import type { LabelHost } from "./host";
import { titleOf } from "./RegionsPanel";
import { say } from "./words";

const Relations = fetched(() => import("./relations"));

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
      <Related host={host} />
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
  let field!: HTMLTextAreaElement;
  onCleanup(
    props.host.onSubmit(() => {
      write(field.value.trim());
      return undefined;
    }),
  );
  return (
    <textarea
      ref={field}
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

/** Relations bring their list, their words and their arrows when there is one, or is about to be. */
function Related(props: { host: LabelHost }) {
  const { host } = props;
  const some = createMemo(() => host.results({ type: "relation" }).length > 0);
  const [wanted, setWanted] = createSignal(false);
  createEffect(() => (some() || host.relating() !== null) && setWanted(true));
  // Where the configuration speaks of relations they are likely, and must be there without a connection.
  createEffect(
    () => quiet() && host.tree.nodes.some((node) => node.type === "Relations") && void Relations.preload(),
  );
  return (
    <Show when={wanted()}>
      <Suspense>
        <Relations host={host} />
      </Suspense>
    </Show>
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
