/**
 * How the picture lies on the screen: zoom, shift and quarter turns, and the way between the two planes.
 *
 * Image points are natural pixels from the top left of the unturned picture; screen points are CSS pixels from
 * the top left of the canvas.
 */
import { type Bounds, boundsOf, clamp, minus, type Point, plus, type Size, turn } from "./geometry/points";

export type Quarter = 0 | 90 | 180 | 270;

export interface ViewState {
  /** CSS pixels per image pixel. */
  readonly scale: number;
  /** Where the picture's own origin lies on the screen. */
  readonly x: number;
  readonly y: number;
  /** Clockwise turn of the picture while shown; stored geometry stays unturned. */
  readonly rotation: Quarter;
}

export function toScreen(view: ViewState, p: Point): Point {
  const q = turn(p, view.rotation);
  return { x: q.x * view.scale + view.x, y: q.y * view.scale + view.y };
}

export function toImage(view: ViewState, p: Point): Point {
  return turn({ x: (p.x - view.x) / view.scale, y: (p.y - view.y) / view.scale }, -view.rotation);
}

/** Gives a vector on the screen as one on the picture. */
export function vectorToImage(view: ViewState, by: Point): Point {
  return turn({ x: by.x / view.scale, y: by.y / view.scale }, -view.rotation);
}

/** Gives [a, b, c, d, e, f] as canvas and CSS take it: screen = (a·x + c·y + e, b·x + d·y + f). */
export function matrix(view: ViewState): [number, number, number, number, number, number] {
  const u = turn({ x: view.scale, y: 0 }, view.rotation);
  const v = turn({ x: 0, y: view.scale }, view.rotation);
  return [u.x, u.y, v.x, v.y, view.x, view.y];
}

/** Gives the part of the image plane that shows on a screen of this size, grown by `margin` CSS pixels. */
export function visibleBounds(view: ViewState, screen: Size, margin = 0): Bounds {
  return boundsOf([
    toImage(view, { x: -margin, y: -margin }),
    toImage(view, { x: screen.width + margin, y: screen.height + margin }),
  ]);
}

/** Gives the view that shows all of `bounds`, in the middle, with `padding` CSS pixels around it. */
export function fitted(bounds: Bounds, screen: Size, rotation: Quarter, padding = 24): ViewState {
  const sideways = rotation === 90 || rotation === 270;
  const [w, h] = [Math.max(1e-6, bounds.maxX - bounds.minX), Math.max(1e-6, bounds.maxY - bounds.minY)];
  const [shownW, shownH] = sideways ? [h, w] : [w, h];
  const room = {
    width: Math.max(1, screen.width - 2 * padding),
    height: Math.max(1, screen.height - 2 * padding),
  };
  const scale = Math.min(room.width / shownW, room.height / shownH);
  const center = { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2 };
  return centered({ scale, x: 0, y: 0, rotation }, center, screen);
}

/** Gives the view shifted so that an image point lies in the middle of the screen. */
export function centered(view: ViewState, p: Point, screen: Size): ViewState {
  const at = toScreen({ ...view, x: 0, y: 0 }, p);
  return { ...view, x: screen.width / 2 - at.x, y: screen.height / 2 - at.y };
}

/** Gives the view zoomed to `scale` with the image point under `at` held in place. */
export function zoomedAt(view: ViewState, scale: number, at: Point): ViewState {
  const factor = scale / view.scale;
  return { ...view, scale, x: at.x + (view.x - at.x) * factor, y: at.y + (view.y - at.y) * factor };
}

export const LARGEST_SCALE = 64;
/** At least this much of the picture stays on screen, in CSS pixels. */
const KEEP_PX = 48;

/** The view of one canvas: who changes it, within which limits, and who wants to know. */
export class View {
  private current: ViewState = { scale: 1, x: 0, y: 0, rotation: 0 };
  private screenSize: Size = { width: 1, height: 1 };
  private imageSize: Size = { width: 1, height: 1 };
  /** True until someone zooms or pans: then a resized window fits the picture again. */
  private fits = true;
  private readonly listeners = new Set<() => void>();

  get state(): ViewState {
    return this.current;
  }

  get screen(): Size {
    return this.screenSize;
  }

  get image(): Size {
    return this.imageSize;
  }

  get imageBounds(): Bounds {
    return { minX: 0, minY: 0, maxX: this.imageSize.width, maxY: this.imageSize.height };
  }

  /** The zoom as people read it: 1 is one CSS pixel per image pixel. */
  get zoom(): number {
    return this.current.scale;
  }

  setScreen(screen: Size): void {
    const old = this.screenSize;
    this.screenSize = screen;
    if (this.fits) {
      this.fit();
      return;
    }
    const middle = toImage(this.current, { x: old.width / 2, y: old.height / 2 });
    this.change(centered(this.current, middle, screen));
  }

  setImage(image: Size): void {
    this.imageSize = image;
    this.fit();
  }

  fit(): void {
    this.fits = true;
    this.set(fitted(this.imageBounds, this.screenSize, this.current.rotation));
  }

  /** Shows a part of the picture as large as fits, but never more than four times its size. */
  zoomTo(bounds: Bounds): void {
    const wanted = fitted(bounds, this.screenSize, this.current.rotation, 80);
    const scale = Math.min(wanted.scale, Math.max(4, this.fitScale));
    const center = { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2 };
    this.change(centered({ ...wanted, scale }, center, this.screenSize));
  }

  /** Zooms by a factor at a screen point, by default the middle. */
  zoomBy(factor: number, at?: Point): void {
    this.zoomSet(this.current.scale * factor, at);
  }

  zoomSet(scale: number, at?: Point): void {
    const point = at ?? { x: this.screenSize.width / 2, y: this.screenSize.height / 2 };
    const least = Math.min(this.fitScale * 0.5, 1);
    this.change(zoomedAt(this.current, clamp(scale, least, LARGEST_SCALE), point));
  }

  panBy(by: Point): void {
    this.change({ ...this.current, x: this.current.x + by.x, y: this.current.y + by.y });
  }

  /** Pans just as far as needed to bring an image point at least `margin` CSS pixels inside. */
  reveal(p: Point, margin = 32): void {
    const at = toScreen(this.current, p);
    const { width, height } = this.screenSize;
    const inside = { x: clamp(at.x, margin, width - margin), y: clamp(at.y, margin, height - margin) };
    const by = minus(inside, at);
    if (by.x !== 0 || by.y !== 0) this.panBy(by);
  }

  /** Turns the picture and keeps what is in the middle there. */
  rotate(rotation: Quarter): void {
    if (this.fits) {
      this.current = { ...this.current, rotation };
      this.fit();
      return;
    }
    const middle = toImage(this.current, { x: this.screenSize.width / 2, y: this.screenSize.height / 2 });
    this.change(centered({ ...this.current, rotation }, middle, this.screenSize));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private get fitScale(): number {
    return fitted(this.imageBounds, this.screenSize, this.current.rotation).scale;
  }

  private change(next: ViewState): void {
    this.fits = false;
    this.set(this.kept(next));
  }

  private kept(view: ViewState): ViewState {
    const corners = [
      toScreen(view, { x: 0, y: 0 }),
      toScreen(view, { x: this.imageSize.width, y: this.imageSize.height }),
    ];
    const b = boundsOf(corners);
    const low = { x: KEEP_PX - b.maxX, y: KEEP_PX - b.maxY };
    const high = {
      x: this.screenSize.width - KEEP_PX - b.minX,
      y: this.screenSize.height - KEEP_PX - b.minY,
    };
    const by = { x: clamp(0, low.x, Math.max(low.x, high.x)), y: clamp(0, low.y, Math.max(low.y, high.y)) };
    return { ...view, ...plus(view, by) };
  }

  private set(next: ViewState): void {
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }
}
