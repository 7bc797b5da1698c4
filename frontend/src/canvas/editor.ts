/**
 * The image editor: one picture with its regions in an element, driven by an annotation, and a controller for
 * whoever embeds it. No view library is needed, and none is used.
 *
 * One direction only: events → tools → edits of the document → scene → renderers. Everything is drawn at most
 * once a frame, and only what changed.
 */
import type { Annotation } from "../store/annotation";
import type { Change } from "../store/document";
import { ActiveLayer } from "./active";
import type { Arranger } from "./arranger";
import type { ShapeCodecs } from "./codec";
import { Desk } from "./desk";
import type { Point, Size } from "./geometry/points";
import { type ShapeKind, shapeBounds } from "./geometry/shapes";
import type { CrossOrigin } from "./images";
import { SpatialIndex } from "./index";
import { connectInput } from "./input";
import { Overview } from "./overview";
import { loadPicture, type Picture } from "./picture";
import { type Active, ImageRegions } from "./regions";
import type { LoadedRenderer } from "./render/load";
import { MaskLayer } from "./render/masks";
import { Overlay } from "./render/overlay/overlay";
import type { Renderer, RendererName } from "./render/renderer";
import { Scene } from "./scene";
import { makeStage, type Stage } from "./stage";
import { type ImageControl, type LabelLook, type Rgb, StyleTable } from "./styles";
import type { PictureAddress } from "./tiles/address";
import { isFree, makeTools, TOOL_OF_KIND, type ToolName } from "./tools/tools";
import { type Quarter, View, type ViewState } from "./view";
import { type CanvasSpeaker, PictureError } from "./words";

export interface ImageEditorOptions {
  readonly annotation: Annotation;
  readonly codecs: ShapeCodecs;
  /** Name of the Image in the configuration. */
  readonly object: string;
  readonly url: PictureAddress;
  /** Page, when the Image has pages. */
  readonly item?: number;
  readonly controls: readonly ImageControl[];
  readonly labels: readonly LabelLook[];
  readonly active?: Active;
  readonly readOnly?: boolean;
  /** Whether a region drawn with the pointer is selected; true by default. Made by keyboard it always is. */
  readonly selectNew?: boolean;
  /** From `loadRenderer`. */
  readonly renderer: LoadedRenderer;
  readonly crossOrigin?: CrossOrigin;
  readonly crosshair?: boolean;
  readonly zoomable?: boolean;
  readonly zoomBy?: number;
  readonly smoothing?: boolean;
  /** How the picture lies to begin with. */
  readonly rotation?: Quarter;
  /** Says things in the language of the page. */
  readonly say: CanvasSpeaker;
  /** What screen readers call the canvas. */
  readonly name?: string;
  readonly isHidden?: (key: string) => boolean;
  readonly isLocked?: (key: string) => boolean;
  readonly onReady?: (size: Size) => void;
  readonly onError?: (error: Error) => void;
  readonly onTool?: (tool: ToolName) => void;
  readonly onView?: (view: ViewState) => void;
  readonly onRefused?: () => void;
  /** Told when a tool needs the pixels of a picture that must not be read. */
  readonly onUnreadable?: () => void;
}

/** What is inside, for tests and for the bench. */
export interface Inspection {
  readonly renderer: RendererName;
  readonly reason: string;
  readonly ready: boolean;
  readonly tool: string;
  readonly view: ViewState;
  readonly image: Size;
  readonly regions: number;
  readonly selection: readonly string[];
  readonly hover: string | undefined;
  readonly counters: Readonly<Record<string, number>>;
  /** Milliseconds of script per drawn frame, the latest last. */
  readonly frameMs: readonly number[];
}

const KEPT_FRAMES = 600;
/** Told to whoever watches the page, once for each editor. */
const PICTURE_MARK = "skylabel.picture";

export class ImageEditor {
  readonly view = new View();
  readonly desk: Desk;
  /** Draws over the picture at each frame: told how it lies, and which shapes are being changed. */
  over: ((view: ViewState, preview: Desk["shown"]["preview"]) => void) | undefined;
  private readonly layer: ActiveLayer;
  private readonly stage: Stage;
  private readonly scene = new Scene();
  private readonly index = new SpatialIndex(this.scene);
  private readonly machine;
  private readonly renderer: Renderer;
  private readonly masks: MaskLayer;
  private readonly overlay: Overlay;
  private readonly overview: Overview;
  private readonly stops: (() => void)[] = [];
  private styles: StyleTable;
  private regions: ImageRegions;
  private picture: Picture | undefined;
  private active: Active | undefined;
  private readOnly: boolean;
  private pointerAt: Point | undefined;
  private frame = 0;
  private dirty = { image: false, regions: false };
  private ratio = 1;
  private loads = 0;
  private shown = false;
  private freeTools: Promise<void> | undefined;
  private wantedTool: ToolName | undefined;
  private readonly frameMs: number[] = [];
  private readonly counts = { frames: 0, imageTiles: 0, sceneRows: 0, masks: 0 };

  constructor(
    host: HTMLElement,
    private options: ImageEditorOptions,
  ) {
    this.active = options.active;
    this.readOnly = options.readOnly === true;
    this.stage = makeStage(host, options.name ?? `Image ${options.object}`);
    const { Renderer } = options.renderer;
    this.renderer = new Renderer(this.stage.regionsCanvas, () => this.invalidate("regions"));
    this.masks = new MaskLayer(this.stage.masksCanvas);
    this.overlay = new Overlay(this.stage.element);
    this.overview = new Overview(this.stage.element, this.view, () => this.invalidate());
    this.view.rotate(options.rotation ?? 0);
    this.styles = new StyleTable(options.controls, options.labels);
    this.regions = this.makeRegions({ width: 1, height: 1 });
    const made: { desk?: Desk } = {};
    this.machine = makeTools((machine) => {
      made.desk = new Desk({
        annotation: options.annotation,
        view: this.view,
        scene: this.scene,
        index: this.index,
        machine,
        // Without its picture a region has no size to be a percentage of.
        readOnly: () => this.readOnly || this.picture === undefined,
        regions: () => this.regions,
        active: () => this.active,
        selectNew: options.selectNew !== false,
        strokeColor: (key) => this.strokeColor(key),
        changed: () => this.invalidate(),
        setCursor: (cursor) => this.stage.setCursor(cursor),
        announce: (message) => this.stage.announce(message),
        say: options.say,
        onRefused: () => this.options.onRefused?.(),
        pixels: () => this.picture?.pixels() ?? null,
        onUnreadable: () => this.options.onUnreadable?.(),
      });
      return made.desk;
    });
    this.desk = made.desk as Desk;
    this.layer = new ActiveLayer({
      annotation: options.annotation,
      desk: this.desk,
      scene: this.scene,
      renderer: this.renderer,
      view: this.view,
      regions: () => this.regions,
      styles: () => this.styles,
      active: () => this.active,
    });
    this.listen();
    if (options.controls.some(({ type }) => this.drawsFreely(type))) void this.fetchTools();
    this.resize();
    void this.load(options.url);
  }

  get element(): HTMLElement {
    return this.stage.element;
  }

  get tool(): ToolName {
    return this.machine.tool as ToolName;
  }

  /** Switches tools; a gesture under way is given up. */
  setTool(tool: ToolName): void {
    this.machine.interrupt();
    this.wantedTool = undefined;
    if (this.machine.has(tool)) {
      if (this.machine.tool !== tool) this.machine.go(`${tool}/idle`);
      return;
    }
    this.wantedTool = tool;
    void this.fetchTools();
  }

  /** Gives what arranges regions; rejects when it cannot be fetched. */
  async arranger(): Promise<Arranger> {
    const { Arranger } = await import("./arranger");
    return new Arranger(this.options.annotation, this.desk);
  }

  /** Fetches the tools that are not here from the start, and takes up the one that was asked for meanwhile. */
  async fetchTools(): Promise<void> {
    this.freeTools ??= import("./tools/freeTools").then(({ addFreeTools }) =>
      addFreeTools(this.machine, this.desk),
    );
    try {
      await this.freeTools;
    } catch {
      this.freeTools = undefined;
    }
    if (this.wantedTool !== undefined && this.machine.has(this.wantedTool)) this.setTool(this.wantedTool);
  }

  /** Whether what is dragged or drawn goes to sides of other regions, and to whole pixels. */
  setSnapping(on: boolean): void {
    this.desk.snapper.on = on;
    this.desk.snapper.clear();
    this.invalidate();
  }

  /** Says who draws next and with which labels; by default the tool follows. */
  setActive(active: Active | undefined, followTool = true): void {
    this.active = active;
    this.invalidate();
    const kind: ShapeKind | undefined =
      active === undefined ? undefined : this.regions.kindOf(active.control);
    if (followTool && kind !== undefined) this.setTool(TOOL_OF_KIND[kind]);
  }

  /** Changes how labels look: colours, or which are hidden. No geometry moves. */
  setLabels(labels: readonly LabelLook[]): void {
    this.options = { ...this.options, labels };
    this.styles = new StyleTable(this.options.controls, labels);
    this.renderer.setStyles(this.styles.styles);
    this.refresh();
  }

  setReadOnly(readOnly: boolean): void {
    this.readOnly = readOnly;
    this.machine.interrupt();
    this.invalidate();
  }

  /** Shows another picture, and the regions of its page. */
  async setPicture(url: PictureAddress, item?: number): Promise<void> {
    const { item: _, ...rest } = this.options;
    this.options = { ...rest, url, ...(item === undefined ? {} : { item }) };
    this.machine.interrupt();
    await this.load(url);
  }

  /** Looks at some regions again (all by default), after hiding or locking changed outside the document. */
  refresh(keys: Iterable<string> = this.options.annotation.document.regions.keys()): void {
    this.update(keys);
  }

  /** Whether the whole picture shows small in a corner while not all of it is in sight. */
  setOverview(on: boolean): void {
    this.overview.on = on;
    this.invalidate();
  }

  /** Brightness and contrast as factors; 1 is as it is. */
  adjust({ brightness = 1, contrast = 1 }: { brightness?: number; contrast?: number }): void {
    const plain = brightness === 1 && contrast === 1;
    this.stage.imageCanvas.style.filter = plain ? "" : `brightness(${brightness}) contrast(${contrast})`;
  }

  rotate(by: 90 | -90 | 180): void {
    this.view.rotate(((((this.view.state.rotation + by) % 360) + 360) % 360) as Quarter);
  }

  /** Brings a region into view, as large as sensible. */
  zoomToRegion(key: string): void {
    const shape = this.regions.shapeOf(key);
    if (shape !== null) this.view.zoomTo(shapeBounds(shape));
  }

  focus(): void {
    this.stage.element.focus({ preventScroll: true });
  }

  inspect(): Inspection {
    const { annotation } = this.options;
    return {
      renderer: this.options.renderer.renderer,
      reason: this.options.renderer.reason,
      ready: this.picture !== undefined && this.frame === 0 && this.renderer.current,
      tool: this.machine.path,
      view: this.view.state,
      image: this.view.image,
      regions: this.scene.size,
      selection: [...annotation.selection.ids],
      hover: annotation.selection.hover,
      counters: {
        ...this.renderer.counters,
        ...this.picture?.counters,
        ...this.counts,
        overlayNodes: this.overlay.nodes,
        indexBuilds: this.index.builds,
        indexQueries: this.index.counters.queries,
        indexVisits: this.index.counters.visits,
        undoSteps: annotation.history.depth,
      },
      frameMs: this.frameMs.slice(),
    };
  }

  /** Gives what the regions' canvas shows at a CSS pixel: red, green, blue, alpha. The picture is not in it. */
  readPixel(x: number, y: number): Promise<readonly [number, number, number, number]> {
    return this.renderer.readPixel(x, y);
  }

  destroy(): void {
    this.loads += 1; // a picture that is still on its way is not wanted any more
    cancelAnimationFrame(this.frame);
    for (const stop of this.stops) stop();
    this.renderer.dispose();
    this.overlay.dispose();
    this.picture?.close();
    this.stage.remove();
  }

  private listen(): void {
    const { annotation, zoomable = true, zoomBy = 1.2, onTool, onView } = this.options;
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.stage.element);
    let tool = this.machine.tool;
    this.stops.push(
      () => observer.disconnect(),
      annotation.document.subscribe((change) => this.onChange(change)),
      annotation.selection.subscribe(() => this.invalidate()),
      this.view.subscribe(() => {
        this.invalidate("image", "regions");
        if (this.picture !== undefined) onView?.(this.view.state);
      }),
      this.machine.subscribe(() => {
        if (this.machine.tool !== tool) onTool?.(this.machine.tool as ToolName);
        tool = this.machine.tool;
      }),
      connectInput({
        element: this.stage.element,
        machine: this.machine,
        view: this.view,
        zoomBy,
        zoomable,
        onPoint: (at) => {
          this.pointerAt = at;
          if (this.options.crosshair === true || this.isPainting) this.invalidate();
          if (at === undefined) annotation.selection.setHover(undefined);
        },
        setCursor: (cursor) => this.stage.overrideCursor(cursor),
      }),
    );
  }

  private async load(url: PictureAddress): Promise<void> {
    const load = ++this.loads;
    this.stage.message("");
    this.stage.tellSize(undefined);
    try {
      const picture = await loadPicture(url, this.options.crossOrigin);
      if (load !== this.loads) {
        picture.close();
        return;
      }
      this.picture?.close();
      this.picture = picture;
      this.overview.renew();
      this.regions = this.makeRegions(picture.size);
      this.view.setImage(picture.size);
      this.rebuild();
      this.stage.tellSize(picture.size);
      this.options.onReady?.(picture.size);
      void picture.prepare(() => {
        this.overview.renew();
        this.invalidate("image");
      });
    } catch (error) {
      if (load !== this.loads) return;
      const isOurs = error instanceof PictureError;
      this.stage.message(isOurs ? this.options.say(error.word, error.values) : String(error));
      this.options.onError?.(error as Error);
    }
  }

  private drawsFreely(type: string): boolean {
    const kind = this.options.codecs.of(type, undefined)?.kind;
    return kind !== undefined && isFree(TOOL_OF_KIND[kind]);
  }

  private makeRegions(size: Size): ImageRegions {
    const { annotation, codecs, object, item, controls, isHidden, isLocked } = this.options;
    return new ImageRegions({
      annotation,
      codecs,
      object,
      item,
      size,
      controls,
      isHidden: isHidden ?? (() => false),
      isLocked: isLocked ?? (() => false),
    });
  }

  private rebuild(): void {
    this.scene.rebuild(this.options.annotation.document.regionKeys(), (key) =>
      this.regions.look(key, this.styles),
    );
    this.index.build();
    this.renderer.setStyles(this.styles.styles);
    this.renderer.setScene(this.scene);
    this.counts.sceneRows += this.scene.length;
    this.invalidate("image", "regions");
  }

  private onChange({ ids, structure }: Change): void {
    if (this.picture === undefined) return;
    this.update(ids);
    if (structure && !this.inOrder()) this.rebuild();
  }

  private update(keys: Iterable<string>): void {
    const rows = this.scene.update(keys, (key) => this.regions.look(key, this.styles));
    this.index.touch(rows);
    this.renderer.updateRows(rows);
    this.counts.sceneRows += rows.length;
    this.invalidate("regions");
  }

  /** True while the document's order is that of the rows. */
  private inOrder(): boolean {
    let last = -1;
    for (const key of this.options.annotation.document.regionKeys()) {
      const row = this.scene.rowOf(key);
      if (row === undefined) continue;
      if (row < last) return false;
      last = row;
    }
    return true;
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.stage.element;
    const size = { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
    this.ratio = window.devicePixelRatio || 1;
    this.renderer.resize(size, this.ratio);
    const { imageCanvas } = this.stage;
    imageCanvas.width = Math.round(size.width * this.ratio);
    imageCanvas.height = Math.round(size.height * this.ratio);
    this.masks.resize(imageCanvas.width, imageCanvas.height);
    this.view.setScreen(size);
    this.invalidate("image", "regions");
  }

  private invalidate(...what: (keyof ImageEditor["dirty"])[]): void {
    for (const part of what) this.dirty[part] = true;
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const start = performance.now();
    this.frame = 0;
    this.options.annotation.document.flush();
    const shapes = this.layer.shapes();
    const { image, regions } = this.dirty;
    this.dirty = { image: false, regions: false };
    const view = this.view.state;
    if (image) this.drawPicture(view);
    this.drawMasks(view);
    const rehidden = this.layer.hide(shapes);
    if (regions || rehidden) this.renderer.draw(view);
    this.overlay.render({
      view,
      shapes: [...shapes, ...this.layer.linger(shapes)],
      handles: this.machine.path.endsWith("drawing") ? [] : this.desk.handles(),
      hotHandle: this.desk.shown.hot,
      lead: this.layer.lead(),
      marquee: this.desk.shown.marquee ?? undefined,
      guides: this.desk.snapper.guides,
      brush: this.brushAt(),
      crosshair: this.options.crosshair === true ? this.pointerAt : undefined,
    });
    this.over?.(view, this.desk.shown.preview);
    this.overview.update(this.picture, this.ratio);
    if (!this.shown && this.picture !== undefined && this.renderer.current) this.tellShown();
    this.counts.frames += 1;
    this.frameMs.push(performance.now() - start);
    if (this.frameMs.length > KEPT_FRAMES) this.frameMs.shift();
  }

  /** The first time that the picture is there with all of its regions. */
  private tellShown(): void {
    this.shown = true;
    performance.mark(PICTURE_MARK);
    this.renderer.fetchRest?.();
    void this.fetchTools();
    // So that the first key is as quick as the second, and there without a connection.
    void this.arranger().catch(() => undefined);
  }

  private get isPainting(): boolean {
    return this.machine.tool === "brush" || this.machine.tool === "erase";
  }

  private brushAt(): { at: Point; radius: number } | undefined {
    if (!this.isPainting || this.pointerAt === undefined) return undefined;
    return { at: this.pointerAt, radius: (this.desk.brushWidth / 2) * this.view.state.scale };
  }

  private strokeColor(key: string | undefined): Rgb {
    const row = key === undefined ? undefined : this.scene.rowOf(key);
    if (row !== undefined) return this.styles.at(this.scene.style[row] ?? 0).color;
    const control = this.active?.labelsControl ?? this.active?.control;
    return this.styles.at(this.styles.numberOf(control, this.active?.labels[0])).color;
  }

  private drawMasks(view: ViewState): void {
    const { stroke, strokeKey } = this.desk.shown;
    this.counts.masks = this.masks.draw({
      scene: this.scene,
      styleAt: (number) => this.styles.at(number),
      view,
      screen: this.view.screen,
      ratio: this.ratio,
      isSelected: (key) => this.options.annotation.selection.has(key),
      stroke,
      strokeKey,
    });
  }

  private drawPicture(view: ViewState): void {
    const ctx = this.stage.imageCanvas.getContext("2d", { alpha: true });
    if (ctx === null || this.picture === undefined) return;
    this.counts.imageTiles = this.picture.draw(
      ctx,
      view,
      this.view.screen,
      this.ratio,
      this.options.smoothing,
    );
  }
}

/** Mounts an image editor in an element. */
export function createImageEditor(host: HTMLElement, options: ImageEditorOptions): ImageEditor {
  return new ImageEditor(host, options);
}
