/**
 * From DOM events to the machine: pointers in picture coordinates, one move a frame, panning and zooming that
 * work in every tool, fingers that pinch. What the machine did not want is left to the page.
 */
import { distance, middle, minus, type Point } from "./geometry/points";
import type { KeyInput, Machine, PointerInput } from "./tools/machine";
import { toImage, type View } from "./view";

export interface InputOptions {
  readonly element: HTMLElement;
  readonly machine: Machine;
  readonly view: View;
  /** Factor of one key or button step. */
  readonly zoomBy: number;
  readonly zoomable: boolean;
  /** Told where the pointer is, or that it left. */
  readonly onPoint: (at: Point | undefined) => void;
  readonly setCursor: (cursor: string | undefined) => void;
}

const WHEEL_SPEED = 0.0016;
const CLICK_MS = 400;
const CLICK_PX = 6;

/** Connects an element; gives the way to disconnect it. */
export function connectInput(options: InputOptions): () => void {
  const input = new Input(options);
  const { element } = options;
  const listeners: [keyof HTMLElementEventMap, (event: never) => void][] = [
    ["pointerdown", input.down],
    ["pointermove", input.move],
    ["pointerup", input.up],
    ["pointercancel", input.lost],
    ["pointerleave", input.leave],
    ["wheel", input.wheel],
    ["keydown", input.keyDown],
    ["keyup", input.keyUp],
    ["blur", input.blur],
    ["contextmenu", input.menu],
  ];
  for (const [name, listener] of listeners) {
    element.addEventListener(name, listener as EventListener, { passive: false });
  }
  return () => {
    for (const [name, listener] of listeners) element.removeEventListener(name, listener as EventListener);
    input.stop();
  };
}

class Input {
  private pending: PointerEvent | undefined;
  private frame = 0;
  private trail: Point[] = [];
  private space = false;
  private panning: { readonly pointer: number; last: Point } | undefined;
  private readonly fingers = new Map<number, Point>();
  private lastDown = { at: 0, where: { x: -1e9, y: -1e9 }, clicks: 0 };

  constructor(private readonly options: InputOptions) {}

  readonly down = (event: PointerEvent): void => {
    this.flush();
    this.options.element.focus({ preventScroll: true });
    this.capture(event.pointerId);
    const at = this.point(event);
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, at);
      if (this.fingers.size === 2) {
        this.options.machine.interrupt();
        return;
      }
    }
    if (event.button === 1 || (event.button === 0 && this.space)) {
      event.preventDefault();
      this.panning = { pointer: event.pointerId, last: at };
      this.options.setCursor("grabbing");
      return;
    }
    if (this.options.machine.pointer(this.pointerInput("down", event, this.countClicks(event, at))))
      event.preventDefault();
  };

  readonly move = (event: PointerEvent): void => {
    const at = this.point(event);
    if (this.fingers.size >= 2 && this.fingers.has(event.pointerId)) {
      this.pinch(event.pointerId, at);
      return;
    }
    if (this.panning?.pointer === event.pointerId) {
      this.options.view.panBy(minus(at, this.panning.last));
      this.panning.last = at;
      return;
    }
    this.trail.push(...this.trailOf(event));
    this.pending = event;
    this.frame ||= requestAnimationFrame(() => this.flush());
  };

  readonly up = (event: PointerEvent): void => {
    this.flush();
    const pinched = this.fingers.size >= 2;
    this.fingers.delete(event.pointerId);
    if (this.panning?.pointer === event.pointerId) {
      this.panning = undefined;
      this.options.setCursor(this.space ? "grab" : undefined);
      return;
    }
    if (!pinched) this.options.machine.pointer(this.pointerInput("up", event, this.lastDown.clicks));
  };

  readonly lost = (event: PointerEvent): void => {
    this.fingers.delete(event.pointerId);
    this.panning = undefined;
    this.options.machine.interrupt();
  };

  readonly leave = (): void => {
    this.pending = undefined;
    this.options.onPoint(undefined);
  };

  readonly wheel = (event: WheelEvent): void => {
    if (!this.options.zoomable) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.shiftKey) {
      this.options.view.panBy({ x: -(event.deltaX || event.deltaY) * unit, y: 0 });
      return;
    }
    // A pinch on a touchpad arrives as a wheel with Control, in small steps.
    const speed = event.ctrlKey ? WHEEL_SPEED * 5 : WHEEL_SPEED;
    this.options.view.zoomBy(Math.exp(-event.deltaY * unit * speed), this.point(event));
  };

  readonly keyDown = (event: KeyboardEvent): void => {
    if (event.key === " ") {
      event.preventDefault();
      if (!this.space) this.options.setCursor("grab");
      this.space = true;
      return;
    }
    const taken = this.options.machine.key(keyInput("down", event)) || this.zoomKey(event);
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key === " ") this.releaseSpace();
    this.options.machine.key(keyInput("up", event));
  };

  readonly blur = (): void => this.releaseSpace();

  readonly menu = (event: Event): void => event.preventDefault();

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private releaseSpace(): void {
    if (this.space) this.options.setCursor(undefined);
    this.space = false;
  }

  private zoomKey(event: KeyboardEvent): boolean {
    const { view, zoomBy } = this.options;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "+" || event.key === "=") view.zoomBy(zoomBy);
    else if (event.key === "-") view.zoomBy(1 / zoomBy);
    else return false;
    return true;
  }

  private pinch(pointer: number, at: Point): void {
    const [other] = [...this.fingers].filter(([id]) => id !== pointer).map(([, p]) => p);
    const before = this.fingers.get(pointer);
    this.fingers.set(pointer, at);
    if (other === undefined || before === undefined) return;
    const { view } = this.options;
    const [old, now] = [middle(before, other), middle(at, other)];
    view.panBy(minus(now, old));
    const apart = distance(before, other);
    if (apart > 1) view.zoomBy(distance(at, other) / apart, now);
  }

  private flush(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const event = this.pending;
    this.pending = undefined;
    if (event === undefined) return;
    this.options.onPoint(this.point(event));
    const trail = this.trail.splice(0);
    this.options.machine.pointer({ ...this.pointerInput("move", event, 0), trail });
  }

  /** Fingers and pens keep their gesture when they leave the element; a pointer already gone has nothing to keep. */
  private capture(pointer: number): void {
    try {
      this.options.element.setPointerCapture(pointer);
    } catch {
      // The pointer was released between the event and now.
    }
  }

  private countClicks(event: PointerEvent, where: Point): number {
    const again =
      event.timeStamp - this.lastDown.at < CLICK_MS && distance(where, this.lastDown.where) < CLICK_PX;
    this.lastDown = { at: event.timeStamp, where, clicks: again ? this.lastDown.clicks + 1 : 1 };
    return this.lastDown.clicks;
  }

  private point(event: MouseEvent): Point {
    const box = this.options.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private trailOf(event: PointerEvent): Point[] {
    const passed = event.getCoalescedEvents?.() ?? [];
    return passed.map((one) => toImage(this.options.view.state, this.point(one)));
  }

  private pointerInput(kind: PointerInput["kind"], event: PointerEvent, clicks: number): PointerInput {
    const screen = this.point(event);
    return {
      kind,
      screen,
      image: toImage(this.options.view.state, screen),
      button: event.button,
      shift: event.shiftKey,
      alt: event.altKey,
      mod: event.ctrlKey || event.metaKey,
      clicks,
      touch: event.pointerType === "touch",
    };
  }
}

function keyInput(kind: KeyInput["kind"], event: KeyboardEvent): KeyInput {
  return {
    kind,
    key: event.key.length === 1 ? event.key.toLowerCase() : event.key,
    shift: event.shiftKey,
    alt: event.altKey,
    mod: event.ctrlKey || event.metaKey,
    repeat: event.repeat,
  };
}
