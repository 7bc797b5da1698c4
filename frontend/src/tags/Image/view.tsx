/** The Image on the labeling screen: tools beside the canvas, pages and zoom below it. */
import "./view.css";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  lazy,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
} from "solid-js";
import { createImageEditor, type ImageEditor } from "../../canvas/editor";
import type { CrossOrigin } from "../../canvas/images";
import type { RendererName } from "../../canvas/render/renderer";
import type { ToolName } from "../../canvas/tools/tools";
import { readFlag, readText } from "../../config/attributes";
import type { TagHost, TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { ARRANGING, type Arranging, arrangingId, SNAPPING } from "./arranging";
import { type ImageIcon, icons } from "./icons";
import { activeFor, drawersOf, editorControls, editorLabels, labelListOf, pagesOf } from "./setup";
import { imageShapes } from "./shapes";
import { TOOLS, toolId } from "./tools";

const Arrange = lazy(() => import("./Arrange"));

/** The pictures of one annotation: a key arranges what is selected, whichever of them it lies on. */
const boards = new WeakMap<TagHost, Set<ImageEditor>>();

export default function Image(props: TagViewProps) {
  const { host, node } = props;
  const object = node.name ?? "";
  const drawers = drawersOf(host, node);
  const list = labelListOf(host, node);
  const pages = createMemo(() => pagesOf(host, node));
  const [tool, setTool] = createSignal<ToolName>("select");
  const [zoom, setZoom] = createSignal(1);
  const [page, setPage] = createSignal(host.annotation.place.item);
  const [snapping, setSnapping] = createSignal(false);
  const [look, setLook] = createSignal({ brightness: 1, contrast: 1 });
  const available = TOOLS.filter(({ tool: name }) => {
    const drawn = name === "erase" ? "brush" : name;
    return name === "select" || name === "pan" || drawers.some((drawer) => drawer.tool === drawn);
  });
  let mount: HTMLDivElement | undefined;
  let editor: ImageEditor | undefined;

  onMount(() => {
    const { urls, paged } = pages();
    editor = createImageEditor(mount as HTMLDivElement, {
      annotation: host.annotation,
      codecs: imageShapes,
      object,
      url: urls[page()] ?? "",
      ...(paged ? { item: page() } : {}),
      controls: editorControls(host, drawers),
      labels: editorLabels(host, node),
      readOnly: host.readOnly,
      selectNew: false,
      renderer: new URLSearchParams(location.search).get("renderer") as RendererName | null,
      crossOrigin: readText(node, "crossOrigin", host.data) as CrossOrigin,
      crosshair: readFlag(node, "crosshair"),
      zoomable: readFlag(node, "zoom"),
      name: word("imageName", { name: object }),
      isHidden: (key) => host.region(key)?.hidden === true,
      isLocked: (key) => host.region(key)?.locked === true,
      onTool: setTool,
      onView: (view) => setZoom(view.scale),
      onRefused: () => host.announce(words("pickFirst")),
    });
    const made = editor;
    const board = boards.get(host) ?? new Set();
    boards.set(host, board.add(made));
    onCleanup(() => board.delete(made));
    onCleanup(exposeForTests(made));
    onCleanup(() => made.destroy());
    follow(made);
  });

  /** Keeps the editor at what the screen says: labels picked, tool, page, what is hidden. */
  function follow(made: ImageEditor): void {
    createEffect(() => made.setActive(activeFor(host, drawers, list, tool()), false));
    createEffect(
      on(
        () => drawers.find((drawer) => drawer.hasLabels && host.activeLabels(drawer.node).length > 0)?.tool,
        (picked) => picked !== undefined && !host.readOnly && made.setTool(picked),
        { defer: true },
      ),
    );
    createEffect(
      on(
        () => list !== undefined && host.activeLabels(list).length > 0,
        (picked) => {
          const plain = drawers.find((drawer) => !drawer.hasLabels);
          if (picked && plain !== undefined && tool() === "select") made.setTool(plain.tool);
        },
        { defer: true },
      ),
    );
    createEffect(on(page, (item) => void made.setPicture(pages().urls[item] ?? "", item), { defer: true }));
    createEffect(on(snapping, (on) => made.setSnapping(on), { defer: true }));
    createEffect(on(look, (values) => made.adjust(values), { defer: true }));
    const marks = createMemo(
      () => new Map(host.regions(object).map((region) => [region.id, `${region.hidden}${region.locked}`])),
    );
    createEffect(
      on(marks, (now, before) => {
        const changed = [...now].filter(
          ([id, mark]) => before?.get(id) !== undefined && before.get(id) !== mark,
        );
        if (changed.length > 0) made.refresh(changed.map(([id]) => id));
      }),
    );
    onCleanup(host.annotation.subscribePlace(() => setPage(host.annotation.place.item)));
  }

  for (const { tool: name, title, key } of available) {
    onCleanup(host.onKey(key, () => editor?.setTool(name), words(title), toolId(name)));
  }

  const selected = createMemo(
    () => host.selection().filter((id) => host.region(id)?.object === object).length,
  );
  const arrange = (deed: Arranging) => {
    const able = [...(boards.get(host) ?? [])].filter((one) => one.desk.selection().length >= deed.least);
    if (able.length === 0) host.announce(word("selectMore", { count: deed.least }));
    if (able.map((one) => deed.run(one)).includes(true)) {
      host.annotation.document.flush();
      host.announce(words(deed.title));
    }
  };
  const toggleSnapping = () => {
    setSnapping(!snapping());
    host.announce(words(snapping() ? "snapsOn" : "snapsOff"));
  };
  if (!host.readOnly && drawers.length > 0) {
    for (const deed of ARRANGING)
      onCleanup(host.onKey(deed.key, () => arrange(deed), words(deed.title), arrangingId(deed.name)));
    onCleanup(host.onKey(SNAPPING.key, toggleSnapping, words("snapping"), arrangingId(SNAPPING.name)));
  }
  const snappingTitle = () => {
    const key = host.keyName(arrangingId(SNAPPING.name), SNAPPING.key);
    return key === "" ? words("snapping") : `${words("snapping")} (${key})`;
  };
  const toolTitle = (one: (typeof TOOLS)[number]) => {
    const key = host.keyName(toolId(one.tool), one.key);
    return key === "" ? words(one.title) : `${words(one.title)} (${key})`;
  };
  const goTo = (item: number) =>
    host.annotation.setPlace({ item: Math.max(0, Math.min(pages().urls.length - 1, item)) });
  const height = () => readText(node, "height", host.data) || readText(node, "maxHeight", host.data);

  return (
    <div class="image-tag" style={height() ? { height: cssLength(height()) } : {}}>
      <div
        class="image-tools"
        role="toolbar"
        aria-label={word("toolsFor", { name: object })}
        aria-orientation="vertical"
      >
        <For each={available}>
          {(one) => (
            <Tool
              icon={one.tool as ImageIcon}
              title={toolTitle(one)}
              pressed={tool() === one.tool}
              onPress={() => editor?.setTool(one.tool)}
            />
          )}
        </For>
      </div>
      <div class="image-canvas" ref={mount} />
      <div class="image-bar">
        <Show when={pages().paged && pages().urls.length > 1}>
          <Tool
            icon="chevronLeft"
            title={words("previousPage")}
            onPress={() => goTo(page() - 1)}
            disabled={page() === 0}
          />
          <span class="image-count">
            {page() + 1} / {pages().urls.length}
          </span>
          <Tool
            icon="chevronRight"
            title={words("nextPage")}
            onPress={() => goTo(page() + 1)}
            disabled={page() >= pages().urls.length - 1}
          />
        </Show>
        <Show when={!host.readOnly && drawers.length > 0}>
          <Tool icon="magnet" title={snappingTitle()} pressed={snapping()} onPress={toggleSnapping} />
          <Suspense>
            <Show when={selected() > 0}>
              <Arrange host={host} selected={selected()} onRun={arrange} />
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
          <Tool icon="rotateCcw" title={words("turnLeft")} onPress={() => editor?.rotate(-90)} />
          <Tool icon="rotateCw" title={words("turnRight")} onPress={() => editor?.rotate(90)} />
        </Show>
        <Show when={readFlag(node, "zoomControl")}>
          <Tool icon="zoomOut" title={words("zoomOut")} onPress={() => editor?.view.zoomBy(1 / 1.2)} />
          <button
            type="button"
            class="image-zoom"
            title={words("actualSize")}
            onClick={() => editor?.view.zoomSet(1)}
          >
            {Math.round(zoom() * 100)} %
          </button>
          <Tool icon="zoomIn" title={words("zoomIn")} onPress={() => editor?.view.zoomBy(1.2)} />
          <Tool icon="fit" title={words("fitPicture")} onPress={() => editor?.view.fit()} />
        </Show>
      </div>
    </div>
  );
}

function Tool(props: {
  icon: ImageIcon;
  title: string;
  pressed?: boolean;
  disabled?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      class="image-tool"
      title={props.title}
      aria-label={props.title}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      // Focus stays on the canvas, so that its keys go on working.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onPress()}
      // Constant markup of our own build, never data.
      innerHTML={icons[props.icon]}
    />
  );
}

function Slider(props: { icon: ImageIcon; title: string; value: number; onChange: (value: number) => void }) {
  return (
    <label class="image-slider" title={props.title}>
      <span aria-hidden="true" innerHTML={icons[props.icon]} />
      <input
        type="range"
        min="0.2"
        max="3"
        step="0.05"
        aria-label={props.title}
        value={props.value}
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
        onDblClick={() => props.onChange(1)}
      />
    </label>
  );
}

function cssLength(text: string): string {
  return /^\d+(\.\d+)?$/.test(text) ? `${text}px` : text;
}

/** Lets browser tests look inside; only in builds made for them. */
function exposeForTests(editor: ImageEditor): () => void {
  if (import.meta.env.MODE === "production") return () => undefined;
  const exposed = { editor, inspect: () => editor.inspect() };
  Object.assign(window, { __skylabel: exposed });
  return () => Object.assign(window, { __skylabel: undefined });
}
