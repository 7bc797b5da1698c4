/** The Image on the labeling screen: tools beside the canvas, pages and zoom below it. */
import "./view.css";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  getOwner,
  on,
  onCleanup,
  onMount,
  runWithOwner,
} from "solid-js";
import { createImageEditor, type ImageEditor } from "../../canvas/editor";
import type { CrossOrigin } from "../../canvas/images";
import { type LoadedRenderer, loadRenderer } from "../../canvas/render/load";
import type { ToolName } from "../../canvas/tools/tools";
import type { ViewState } from "../../canvas/view";
import { readFlag, readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { ImageBar } from "./ImageBar";
import type { ImageIcon } from "./icons";
import {
  activeFor,
  drawersOf,
  editorControls,
  editorLabels,
  labelListOf,
  pagesOf,
  storedRotation,
} from "./setup";
import { imageShapes } from "./shapes";
import { Tool } from "./Tool";
import { TOOLS, toolId } from "./tools";

export default function Image(props: TagViewProps) {
  const { host, node } = props;
  const object = node.name ?? "";
  const drawers = drawersOf(host, node);
  const list = labelListOf(host, node);
  const pages = createMemo(() => pagesOf(host, node));
  const [tool, setTool] = createSignal<ToolName>("select");
  const [view, setView] = createSignal<ViewState>({ scale: 1, x: 0, y: 0, rotation: 0 });
  const { page } = host;
  const available = TOOLS.filter(({ tool: name }) => {
    const drawn: readonly ToolName[] = name === "erase" ? ["brush", "wand"] : [name];
    const may = !host.readOnly && drawers.some((drawer) => drawn.includes(drawer.tool));
    return name === "select" || name === "pan" || may;
  });
  let mount: HTMLDivElement | undefined;
  const [editor, setEditor] = createSignal<ImageEditor>();

  const owner = getOwner();
  let gone = false;
  onCleanup(() => {
    gone = true;
  });
  onMount(async () => {
    const renderer = await loadRenderer();
    if (!gone) runWithOwner(owner, () => begin(renderer));
  });

  function begin(renderer: LoadedRenderer): void {
    const { urls, paged } = pages();
    const made = createImageEditor(mount as HTMLDivElement, {
      annotation: host.annotation,
      codecs: imageShapes,
      object,
      url: urls[page()] ?? "",
      ...(paged ? { item: page() } : {}),
      controls: editorControls(host, drawers),
      labels: editorLabels(host, node),
      readOnly: host.readOnly,
      selectNew: false,
      renderer,
      crossOrigin: readText(node, "crossOrigin", host.data) as CrossOrigin,
      crosshair: readFlag(node, "crosshair"),
      zoomable: readFlag(node, "zoom"),
      name: word("imageName", { name: object }),
      say: word,
      isHidden: (key) => host.region(key)?.hidden === true,
      isLocked: (key) => host.region(key)?.locked === true,
      onTool: setTool,
      rotation: storedRotation(host, object, page()),
      onView: setView,
      onUnreadable: () => host.announce(words("pixelsHidden")),
      onRefused: () => host.announce(words("pickFirst")),
    });
    setEditor(made);
    onCleanup(host.join({ object, element: made.element, picture: made }));
    onCleanup(exposeForTests(made));
    onCleanup(() => made.destroy());
    follow(made);
  }

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
    // A region of another page, picked in the list, is gone to.
    createEffect(
      on(
        () => host.selection(),
        ([id, ...others]) => {
          if (id === undefined || others.length > 0 || !pages().paged) return;
          const found = host.region(id);
          const item = found?.items.find((one) => one.to_name === object)?.item_index ?? 0;
          if (found?.object === object && item !== page()) host.annotation.setPlace({ item });
        },
      ),
    );
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
  }

  for (const { tool: name, title, key } of available) {
    onCleanup(host.onKey(key, () => editor()?.setTool(name), words(title), toolId(name)));
  }

  const toolTitle = (one: (typeof TOOLS)[number]) => {
    const key = host.keyName(toolId(one.tool), one.key);
    return key === "" ? words(one.title) : `${words(one.title)} (${key})`;
  };
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
              onPress={() => editor()?.setTool(one.tool)}
            />
          )}
        </For>
      </div>
      <div class="image-canvas" ref={mount} />
      <ImageBar
        host={host}
        node={node}
        editor={editor()}
        view={view()}
        draws={drawers.length > 0}
        pages={pages().urls.length}
        page={page()}
      />
    </div>
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
