/**
 * The active layer: what is selected, pointed at or being drawn, with handles and label chips, in SVG and HTML
 * over the canvas. A few nodes only; everything else is the bulk renderer's.
 *
 * It is told what to show and shows it; it knows neither the document nor the tools.
 */
import type { Bounds, Point } from "../../geometry/points";
import {
  flattened,
  type MaskShape,
  type Polygon,
  type Rect,
  rectCorners,
  type Shape,
  shapeBounds,
} from "../../geometry/shapes";
import type { Guides } from "../../geometry/snapping";
import type { Vector } from "../../geometry/vectors";
import { type Handle, sameHandle } from "../../handles";
import { toScreen, type ViewState } from "../../view";
import { POINT_RADIUS_PX } from "../renderer";
import { overlayStyles } from "./styles";

export interface ActiveShape {
  readonly key: string;
  readonly shape: Shape;
  readonly color: readonly [number, number, number];
  readonly fillOpacity: number;
  readonly strokeWidth: number;
  readonly state: "selected" | "hover" | "draft" | "lingering";
  readonly predicted: boolean;
  /** What its chip says; no chip when empty. */
  readonly label: string;
}

export interface OverlayModel {
  readonly view: ViewState;
  readonly shapes: readonly ActiveShape[];
  readonly handles: readonly Handle[];
  /** The handle under the pointer or in hand. */
  readonly hotHandle: Handle | undefined;
  /** A polygon's line to the pointer, and whether a click would close it. */
  readonly lead?: { readonly from: Point; readonly to: Point; readonly closes: boolean } | undefined;
  /** In screen pixels. */
  readonly marquee?: Bounds | undefined;
  /** Lines of the picture that something snapped to. */
  readonly guides?: Guides | undefined;
  readonly crosshair?: Point | undefined;
  /** Where the brush is and how far it reaches, in screen pixels. */
  readonly brush?: { readonly at: Point; readonly radius: number } | undefined;
}

/** More shapes than this are drawn as one path. */
const MOST_SHAPES = 200;
/** More would hide the picture. */
const MOST_CHIPS = 8;

const MASK_FRAME_PX = 1.5;

interface Drawn {
  readonly group: SVGGElement;
  readonly halo: SVGPathElement;
  readonly line: SVGPathElement;
}

export class Overlay {
  readonly element: HTMLElement;
  private readonly svg: SVGSVGElement;
  private readonly shapesLayer: SVGGElement;
  private readonly handlesLayer: SVGGElement;
  private readonly marqueeNode: SVGRectElement;
  private readonly leadNode: SVGPathElement;
  private readonly crosshairNode: SVGPathElement;
  private readonly brushNode: SVGPathElement;
  private readonly guidesNode: SVGPathElement;
  private readonly chipsLayer: HTMLElement;
  private readonly drawn = new Map<string, Drawn>();
  private readonly chips = new Map<string, HTMLElement>();
  private readonly handleNodes: SVGElement[] = [];

  constructor(host: HTMLElement) {
    const root = host.ownerDocument;
    this.element = root.createElement("div");
    this.element.className = "sl-overlay";
    this.element.append(overlayStyles(root));
    this.svg = svg("svg");
    this.svg.setAttribute("aria-hidden", "true");
    this.crosshairNode = append(this.svg, "path", "sl-crosshair");
    this.shapesLayer = append(this.svg, "g", "");
    this.leadNode = append(this.svg, "path", "sl-lead");
    this.handlesLayer = append(this.svg, "g", "");
    this.marqueeNode = append(this.svg, "rect", "sl-marquee");
    this.brushNode = append(this.svg, "path", "sl-brush");
    this.guidesNode = append(this.svg, "path", "sl-guides");
    this.chipsLayer = root.createElement("div");
    this.element.append(this.svg, this.chipsLayer);
    host.append(this.element);
  }

  /** How many nodes the layer holds: tests keep it small. */
  get nodes(): number {
    return this.element.querySelectorAll("*").length;
  }

  render(model: OverlayModel): void {
    const many = model.shapes.length > MOST_SHAPES;
    this.renderShapes(many ? [] : model.shapes, model.view);
    this.renderCrowd(many ? model.shapes : [], model.view);
    this.renderHandles(model);
    this.renderChips(many ? [] : model.shapes, model.view);
    this.renderExtras(model);
  }

  dispose(): void {
    this.element.remove();
  }

  private renderShapes(shapes: readonly ActiveShape[], view: ViewState): void {
    const gone = new Set(this.drawn.keys());
    for (const active of shapes) {
      gone.delete(active.key);
      const node = this.drawn.get(active.key) ?? this.newShape(active.key);
      const path = pathOf(active.shape, view);
      const rgb = active.color.join(" ");
      set(
        node.group,
        "class",
        `sl-shape sl-${active.state}${active.shape.kind === "point" ? " sl-point" : ""}`,
      );
      set(node.halo, "d", path);
      set(node.line, "d", path);
      // A mask has a thin frame; the width of its control is that of the brush.
      const width = active.shape.kind === "mask" ? MASK_FRAME_PX : active.strokeWidth;
      set(node.halo, "stroke-width", String(width + 2.5));
      set(node.line, "stroke-width", String(width));
      set(node.line, "stroke", active.shape.kind === "point" ? "#fff" : `rgb(${rgb})`);
      const opacity = active.shape.kind === "point" ? 1 : fillOpacity(active);
      set(node.line, "fill", isHollow(active.shape) ? "none" : `rgb(${rgb} / ${opacity})`);
      set(node.line, "stroke-dasharray", active.predicted || active.shape.kind === "mask" ? "6 4" : "none");
    }
    for (const key of gone) {
      this.drawn.get(key)?.group.remove();
      this.drawn.delete(key);
    }
  }

  /** Hundreds of selected shapes: one path, redrawn whole, costs less than a node each. */
  private renderCrowd(shapes: readonly ActiveShape[], view: ViewState): void {
    const known = this.shapesLayer.querySelector<SVGPathElement>(".sl-crowd");
    if (shapes.length === 0) {
      known?.remove();
      return;
    }
    const node = known ?? append(this.shapesLayer, "path", "sl-crowd");
    set(node, "d", shapes.map(({ shape }) => pathOf(shape, view)).join(""));
  }

  private newShape(key: string): Drawn {
    const group = append(this.shapesLayer, "g", "");
    const halo = append(group, "path", "sl-halo");
    const line = append(group, "path", "sl-line");
    const drawn = { group, halo, line };
    this.drawn.set(key, drawn);
    return drawn;
  }

  private renderHandles({ handles, hotHandle }: OverlayModel): void {
    while (this.handleNodes.length > handles.length) this.handleNodes.pop()?.remove();
    handles.forEach((handle, i) => {
      const node = this.handleNodes[i] ?? append(this.handlesLayer, "path", "");
      this.handleNodes[i] = node;
      set(node, "class", `sl-handle sl-${handle.kind}${sameHandle(handle, hotHandle) ? " sl-hot" : ""}`);
      set(node, "d", handlePath(handle));
    });
  }

  private renderChips(shapes: readonly ActiveShape[], view: ViewState): void {
    const gone = new Set(this.chips.keys());
    for (const active of shapes) {
      if (active.label === "" || active.state === "lingering") continue;
      if (this.chips.size - gone.size >= MOST_CHIPS && !this.chips.has(active.key)) continue;
      gone.delete(active.key);
      const chip = this.chips.get(active.key) ?? this.newChip(active.key);
      if (chip.textContent !== active.label) chip.textContent = active.label;
      const at = chipPlace(active.shape, view);
      chip.style.transform = `translate(${at.x}px, ${at.y}px) translateY(-100%)`;
      chip.style.background = `rgb(${active.color.join(" ")})`;
      chip.style.color = inkOn(active.color);
    }
    for (const key of gone) {
      this.chips.get(key)?.remove();
      this.chips.delete(key);
    }
  }

  private newChip(key: string): HTMLElement {
    const chip = this.element.ownerDocument.createElement("div");
    chip.className = "sl-chip";
    this.chipsLayer.append(chip);
    this.chips.set(key, chip);
    return chip;
  }

  private renderExtras({ lead, marquee, crosshair, brush, guides, view }: OverlayModel): void {
    const guide = guidesPath(guides ?? {}, view);
    show(this.guidesNode, guide !== "");
    set(this.guidesNode, "d", guide);
    show(this.brushNode, brush !== undefined);
    if (brush !== undefined) set(this.brushNode, "d", ellipsePath(brush.at, brush.radius, brush.radius, 0));
    show(this.leadNode, lead !== undefined);
    if (lead !== undefined) {
      set(this.leadNode, "d", `M${lead.from.x} ${lead.from.y}L${lead.to.x} ${lead.to.y}`);
      set(this.leadNode, "class", lead.closes ? "sl-lead sl-closes" : "sl-lead");
    }
    show(this.marqueeNode, marquee !== undefined);
    if (marquee !== undefined) {
      set(this.marqueeNode, "x", String(marquee.minX));
      set(this.marqueeNode, "y", String(marquee.minY));
      set(this.marqueeNode, "width", String(marquee.maxX - marquee.minX));
      set(this.marqueeNode, "height", String(marquee.maxY - marquee.minY));
    }
    show(this.crosshairNode, crosshair !== undefined);
    if (crosshair !== undefined) {
      const [x, y] = [Math.round(crosshair.x) + 0.5, Math.round(crosshair.y) + 0.5];
      set(this.crosshairNode, "d", `M${x} 0V10000M0 ${y}H10000`);
    }
  }
}

/** Longer than any screen is wide, in image pixels. */
const FAR = 100_000;

function guidesPath({ x, y }: Guides, view: ViewState): string {
  const across = (a: Point, b: Point) => line([toScreen(view, a), toScreen(view, b)]);
  const upright = x === undefined ? "" : across({ x, y: -FAR }, { x, y: FAR });
  return upright + (y === undefined ? "" : across({ x: -FAR, y }, { x: FAR, y }));
}

/** Masks have their own layer, open polygons no inside. */
function isHollow(shape: Shape): boolean {
  return shape.kind === "mask" || ("closed" in shape && !shape.closed);
}

function fillOpacity({ fillOpacity: opacity, state }: ActiveShape): number {
  if (state === "hover") return Math.min(0.6, opacity + 0.15);
  return state === "selected" ? Math.min(0.5, opacity + 0.08) : opacity;
}

/** Gives a shape's outline as SVG path data in screen pixels; upright boxes stand on whole pixels. */
export function pathOf(shape: Shape, view: ViewState): string {
  switch (shape.kind) {
    case "rect": {
      const upright = (shape.rotation + view.rotation) % 90 === 0;
      return closed(
        rectCorners(shape).map((p) => toScreen(view, p)),
        upright,
      );
    }
    case "vector":
      return pathOf(flattened(shape), view);
    case "polygon": {
      const points = shape.points.map((p) => toScreen(view, p));
      return shape.closed ? closed(points, false) : line(points);
    }
    case "ellipse": {
      const at = toScreen(view, shape);
      return ellipsePath(
        at,
        shape.radiusX * view.scale,
        shape.radiusY * view.scale,
        shape.rotation + view.rotation,
      );
    }
    case "point":
      return ellipsePath(toScreen(view, shape), POINT_RADIUS_PX, POINT_RADIUS_PX, 0);
    case "mask":
      return closed(boundsCorners(shape, view), true);
  }
}

/** A mask is drawn by its own layer; here it has a frame around it. */
function boundsCorners(shape: Shape, view: ViewState): Point[] {
  const { minX, minY, maxX, maxY } = shapeBounds(shape);
  const corners = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
  ] as const;
  return corners.map(([x, y]) => toScreen(view, { x, y }));
}

function line(points: readonly Point[]): string {
  return points.map((p, i) => `${i === 0 ? "M" : "L"}${p.x.toFixed(2)} ${p.y.toFixed(2)}`).join("");
}

function closed(points: readonly Point[], whole: boolean): string {
  return `${line(whole ? points.map((p) => ({ x: Math.round(p.x), y: Math.round(p.y) })) : points)}Z`;
}

function ellipsePath({ x, y }: Point, rx: number, ry: number, degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  const [dx, dy] = [rx * Math.cos(angle), rx * Math.sin(angle)];
  const arc = `A${rx} ${ry} ${degrees} 0 1`;
  return `M${x - dx} ${y - dy}${arc} ${x + dx} ${y + dy}${arc} ${x - dx} ${y - dy}Z`;
}

function handlePath(handle: Handle): string {
  const { x, y } = { x: Math.round(handle.at.x), y: Math.round(handle.at.y) };
  if (handle.kind === "resize") return `M${x - 4} ${y - 4}h8v8h-8Z`;
  if (handle.kind === "curve")
    return `M${handle.foot.x} ${handle.foot.y}L${x} ${y}${ellipsePath({ x, y }, 3.5, 3.5, 0)}`;
  if (handle.kind === "edge") return ellipsePath({ x, y }, 3, 3, 0);
  const circle = ellipsePath({ x, y }, 4.5, 4.5, 0);
  return handle.kind === "rotate" ? `M${handle.foot.x} ${handle.foot.y}L${x} ${y}${circle}` : circle;
}

/** Chips stand on a shape's highest corner, to its right, inside the screen as far as possible. */
function chipPlace(shape: Shape, view: ViewState): Point {
  const top = highest(shape, view);
  const lift = shape.kind === "point" ? 8 : 3;
  return { x: Math.round(Math.max(2, top.x - 1)), y: Math.round(Math.max(20, top.y - lift)) };
}

function cornersOnScreen(shape: Rect | Polygon | MaskShape | Vector, view: ViewState): Point[] {
  if (shape.kind === "mask") return boundsCorners(shape, view);
  if (shape.kind === "vector") return cornersOnScreen(flattened(shape), view);
  return (shape.kind === "rect" ? rectCorners(shape) : shape.points).map((p) => toScreen(view, p));
}

/** Gives the highest corner on the screen, of equally high ones the leftmost. */
function highest(shape: Shape, view: ViewState): Point {
  if (shape.kind === "point") return toScreen(view, shape);
  if (shape.kind === "ellipse") {
    const b = shapeBounds(shape);
    const corners = [
      toScreen(view, { x: b.minX, y: b.minY }),
      toScreen(view, { x: b.maxX, y: b.maxY }),
    ] as const;
    return { x: (corners[0].x + corners[1].x) / 2, y: Math.min(corners[0].y, corners[1].y) };
  }
  return cornersOnScreen(shape, view).reduce((best, p) =>
    p.y < best.y - 0.5 || (Math.abs(p.y - best.y) <= 0.5 && p.x < best.x) ? p : best,
  );
}

/** At this luminance black and white read equally well: 4.58 to 1, so that one of them always does. */
const EVEN = 0.179;

/** Gives black or white, whichever reads better on a colour (by its relative luminance). */
function inkOn(color: readonly [number, number, number]): string {
  const [r, g, b] = color.map((c) => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > EVEN ? "#000" : "#fff";
}

function svg<K extends keyof SVGElementTagNameMap>(name: K): SVGElementTagNameMap[K] {
  return document.createElementNS("http://www.w3.org/2000/svg", name);
}

function append<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: K,
  className: string,
): SVGElementTagNameMap[K] {
  const node = svg(name);
  if (className !== "") node.setAttribute("class", className);
  parent.append(node);
  return node;
}

function set(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function show(node: SVGElement, shown: boolean): void {
  node.style.display = shown ? "" : "none";
}
