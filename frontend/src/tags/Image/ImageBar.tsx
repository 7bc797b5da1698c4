/** Below the picture: its pages, what arranges regions, how it looks, how it lies. */
import { createEffect, createMemo, createSignal, lazy, on, onCleanup, Show, Suspense } from "solid-js";
import type { ImageEditor } from "../../canvas/editor";
import type { ViewState } from "../../canvas/view";
import { readFlag } from "../../config/attributes";
import type { TagNode } from "../../config/tree";
import type { TagHost } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { ARRANGING, type Arranging, SNAPPING } from "./arranging";
import { Slider, Tool } from "./Tool";
import { deedId, VIEWING, type Viewing } from "./tools";

const Arrange = lazy(() => import("./Arrange"));

export interface ImageBarProps {
  readonly host: TagHost;
  readonly node: TagNode;
  readonly editor: ImageEditor | undefined;
  readonly view: ViewState;
  /** Whether regions can be drawn here at all. */
  readonly draws: boolean;
  readonly pages: number;
  readonly page: number;
}

export function ImageBar(props: ImageBarProps) {
  const { host, node } = props;
  const [snapping, setSnapping] = createSignal(false);
  const [overview, setOverview] = createSignal(true);
  const [look, setLook] = createSignal({ brightness: 1, contrast: 1 });
  createEffect(on(snapping, (on) => props.editor?.setSnapping(on), { defer: true }));
  createEffect(on(look, (values) => props.editor?.adjust(values), { defer: true }));
  createEffect(on(overview, (shown) => props.editor?.setOverview(shown), { defer: true }));

  const goTo = (item: number) =>
    host.annotation.setPlace({ item: Math.max(0, Math.min(props.pages - 1, item)) });
  const arrange = async (deed: Arranging) => {
    const boards = host.surfaces().flatMap(({ picture }) => picture ?? []);
    const able = boards.filter((one) => one.desk.selection().length >= deed.least);
    if (able.length === 0) host.announce(word("selectMore", { count: deed.least }));
    const arrangers = await Promise.all(able.map((one) => one.arranger()));
    if (arrangers.map((one) => deed.run(one)).includes(true)) {
      host.annotation.document.flush();
      host.announce(words(deed.title));
    }
  };
  const toggleSnapping = () => {
    setSnapping(!snapping());
    host.announce(words(snapping() ? "snapsOn" : "snapsOff"));
  };
  const turn = (by: 90 | -90) => {
    props.editor?.rotate(by);
    host.announce(word("turned", { degrees: props.view.rotation }));
  };
  const view: Readonly<Record<Viewing["name"], () => void>> = {
    previousPage: () => goTo(props.page - 1),
    nextPage: () => goTo(props.page + 1),
    turnLeft: () => turn(-90),
    turnRight: () => turn(90),
    fit: () => props.editor?.view.fit(),
    overview: () => setOverview(!overview()),
  };
  const editable = () => !host.readOnly && props.draws;
  const paged = () => props.pages > 1;
  const offered: Readonly<Record<Viewing["name"], boolean>> = {
    previousPage: paged(),
    nextPage: paged(),
    turnLeft: readFlag(node, "rotateControl"),
    turnRight: readFlag(node, "rotateControl"),
    fit: true,
    overview: true,
  };
  for (const { name, key, title } of VIEWING)
    if (offered[name]) onCleanup(host.onKey(key, view[name], words(title), deedId(name)));
  if (editable()) {
    for (const deed of ARRANGING)
      onCleanup(host.onKey(deed.key, () => void arrange(deed), words(deed.title), deedId(deed.name)));
    onCleanup(host.onKey(SNAPPING.key, toggleSnapping, words("snapping"), deedId(SNAPPING.name)));
  }

  const title = (deed: Pick<Viewing, "title" | "key"> & { readonly name: string }) => {
    const key = host.keyName(deedId(deed.name), deed.key);
    return key === "" ? words(deed.title) : `${words(deed.title)} (${key})`;
  };
  const viewing = (name: Viewing["name"]) => title(VIEWING.find((one) => one.name === name) as Viewing);
  const selected = createMemo(
    () => host.selection().filter((id) => host.region(id)?.object === (node.name ?? "")).length,
  );
  return (
    <div class="image-bar">
      <Show when={paged()}>
        <Tool
          icon="chevronLeft"
          title={viewing("previousPage")}
          onPress={view.previousPage}
          disabled={props.page === 0}
        />
        <span class="image-count">
          {props.page + 1} / {props.pages}
        </span>
        <Tool
          icon="chevronRight"
          title={viewing("nextPage")}
          onPress={view.nextPage}
          disabled={props.page >= props.pages - 1}
        />
      </Show>
      <Show when={editable()}>
        <Tool icon="magnet" title={title(SNAPPING)} pressed={snapping()} onPress={toggleSnapping} />
        <Suspense>
          <Show when={selected() > 0}>
            <Arrange host={host} selected={selected()} onRun={(deed) => void arrange(deed)} />
          </Show>
        </Suspense>
      </Show>
      <span class="image-gap" />
      <Show when={readFlag(node, "brightnessControl")}>
        <Slider
          icon="brightness"
          title={words("brightness")}
          value={look().brightness}
          onChange={(brightness) => setLook({ ...look(), brightness })}
        />
      </Show>
      <Show when={readFlag(node, "contrastControl")}>
        <Slider
          icon="contrast"
          title={words("contrast")}
          value={look().contrast}
          onChange={(contrast) => setLook({ ...look(), contrast })}
        />
      </Show>
      <Show when={readFlag(node, "rotateControl")}>
        <Tool icon="rotateCcw" title={viewing("turnLeft")} onPress={view.turnLeft} />
        <Tool icon="rotateCw" title={viewing("turnRight")} onPress={view.turnRight} />
      </Show>
      <Show when={readFlag(node, "zoomControl")}>
        <Tool icon="map" title={viewing("overview")} pressed={overview()} onPress={view.overview} />
        <Tool icon="zoomOut" title={words("zoomOut")} onPress={() => props.editor?.view.zoomBy(1 / 1.2)} />
        <button
          type="button"
          class="image-zoom"
          title={words("actualSize")}
          onClick={() => props.editor?.view.zoomSet(1)}
        >
          {Math.round(props.view.scale * 100)} %
        </button>
        <Tool icon="zoomIn" title={words("zoomIn")} onPress={() => props.editor?.view.zoomBy(1.2)} />
        <Tool icon="fit" title={viewing("fit")} onPress={view.fit} />
      </Show>
    </div>
  );
}
