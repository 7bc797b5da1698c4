/**
 * The overview: the whole picture small in a corner, with a frame around what shows, while not all of it does.
 * Pressing or pulling on it goes there. It is for pointers; keys move the picture itself.
 */
import type { Point, Size } from "./geometry/points";
import type { Picture } from "./picture";
import { centered, fitted, toImage, toScreen, type View, type ViewState } from "./view";

const LARGEST_PX = 148;

const CSS = `
.sl-minimap { position: absolute; right: 8px; bottom: 8px; overflow: hidden; border-radius: 4px; cursor: crosshair;
  box-shadow: 0 0 0 1px rgb(255 255 255 / .8), 0 1px 6px rgb(0 0 0 / .5); background: var(--canvas-background, #4a4e55); }
.sl-minimap canvas { display: block; }
.sl-minimap-frame { position: absolute; left: 0; top: 0; box-sizing: border-box; border: 2px solid #1668e3;
  box-shadow: 0 0 0 1px #fff, 0 0 0 999px rgb(0 0 0 / .35); pointer-events: none; }
`;

export class Minimap {
  private readonly element: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly frame: HTMLElement;
  /** What the small picture was drawn for; drawn again when it is another. */
  private drawn = "";
  private small: ViewState = { scale: 1, x: 0, y: 0, rotation: 0 };

  constructor(
    host: HTMLElement,
    private readonly view: View,
  ) {
    const root = host.ownerDocument;
    this.element = root.createElement("div");
    this.element.className = "sl-minimap";
    this.element.setAttribute("aria-hidden", "true");
    this.element.style.display = "none";
    const style = root.createElement("style");
    style.textContent = CSS;
    this.canvas = root.createElement("canvas");
    this.frame = root.createElement("div");
    this.frame.className = "sl-minimap-frame";
    this.element.append(style, this.canvas, this.frame);
    host.append(this.element);
    for (const name of ["pointerdown", "pointermove", "pointerup"] as const)
      this.element.addEventListener(name, (event) => this.point(event));
  }

  /** The picture has another look: it is drawn again next time. */
  renew(): void {
    this.drawn = "";
  }

  /** Shows where in a picture the view is; nothing without one. */
  update(picture: Picture | undefined, ratio: number): void {
    this.element.style.display = picture === undefined ? "none" : "";
    if (picture === undefined) return;
    const { rotation } = this.view.state;
    const size = this.size(picture.size, rotation);
    if (this.drawn !== `${rotation} ${size.width} ${size.height}`) this.paint(picture, size, ratio);
    this.place(size);
  }

  private size(image: Size, rotation: number): Size {
    const [w, h] = rotation % 180 === 0 ? [image.width, image.height] : [image.height, image.width];
    const scale = LARGEST_PX / Math.max(w, h);
    return { width: Math.max(8, Math.round(w * scale)), height: Math.max(8, Math.round(h * scale)) };
  }

  private paint(picture: Picture, size: Size, ratio: number): void {
    const { rotation } = this.view.state;
    this.drawn = `${rotation} ${size.width} ${size.height}`;
    this.small = fitted(this.view.imageBounds, size, rotation, 0);
    this.canvas.width = Math.round(size.width * ratio);
    this.canvas.height = Math.round(size.height * ratio);
    Object.assign(this.canvas.style, { width: `${size.width}px`, height: `${size.height}px` });
    const ctx = this.canvas.getContext("2d");
    if (ctx !== null) picture.draw(ctx, this.small, size, ratio, true);
  }

  private place({ width, height }: Size): void {
    const { screen, state } = this.view;
    const corners = [
      { x: 0, y: 0 },
      { x: screen.width, y: screen.height },
    ].map((p) => toScreen(this.small, toImage(state, p))) as [Point, Point];
    const [left, right] = [corners[0].x, corners[1].x].map((x) => Math.min(width, Math.max(0, x))) as [
      number,
      number,
    ];
    const [top, bottom] = [corners[0].y, corners[1].y].map((y) => Math.min(height, Math.max(0, y))) as [
      number,
      number,
    ];
    Object.assign(this.frame.style, {
      transform: `translate(${left}px, ${top}px)`,
      width: `${Math.max(4, right - left)}px`,
      height: `${Math.max(4, bottom - top)}px`,
    });
  }

  private point(event: PointerEvent): void {
    event.stopPropagation();
    if (event.type === "pointerup" || event.buttons % 2 === 0) return;
    if (event.type === "pointerdown") this.element.setPointerCapture(event.pointerId);
    const box = this.element.getBoundingClientRect();
    const to = toImage(this.small, { x: event.clientX - box.left, y: event.clientY - box.top });
    const { state, screen } = this.view;
    const wanted = centered(state, to, screen);
    this.view.panBy({ x: wanted.x - state.x, y: wanted.y - state.y });
  }
}
