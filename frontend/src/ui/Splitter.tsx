/** Two panels and a bar between them, moved by pointer or arrows; double click or Enter folds the first away. */
import { createSignal, type JSX } from "solid-js";
import "./Splitter.css";

export interface SplitterProps {
  label: string;
  first: JSX.Element;
  second: JSX.Element;
  /** Which panel keeps its size, in px, when the window changes. */
  fixed?: "first" | "second";
  size: number;
  min?: number;
  max?: number;
  onResize: (size: number) => void;
}

export function Splitter(props: SplitterProps) {
  const min = () => props.min ?? 160;
  const max = () => props.max ?? 640;
  const [dragging, setDragging] = createSignal(false);
  let bar!: HTMLDivElement;

  // Towards the end grows the first panel and shrinks the second; right-to-left turns that round.
  const direction = () =>
    (props.fixed === "second" ? -1 : 1) * (getComputedStyle(bar).direction === "rtl" ? -1 : 1);
  const resize = (size: number) => props.onResize(Math.round(Math.min(max(), Math.max(min(), size))));

  const drag = (down: PointerEvent) => {
    down.preventDefault();
    bar.setPointerCapture(down.pointerId);
    setDragging(true);
    const start = props.size;
    const move = (event: PointerEvent) => resize(start + (event.clientX - down.clientX) * direction());
    const end = () => {
      setDragging(false);
      bar.removeEventListener("pointermove", move);
    };
    bar.addEventListener("pointermove", move);
    bar.addEventListener("lostpointercapture", end, { once: true });
  };

  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 48 : 12;
    const moves: Record<string, () => void> = {
      ArrowRight: () => resize(props.size + step * direction()),
      ArrowLeft: () => resize(props.size - step * direction()),
      Home: () => resize(min()),
      End: () => resize(max()),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      class="splitter"
      style={{
        "grid-template-columns":
          props.fixed === "second"
            ? `minmax(0, 1fr) 1px ${props.size}px`
            : `${props.size}px 1px minmax(0, 1fr)`,
      }}
    >
      <div class="splitter-panel">{props.first}</div>
      <div
        ref={bar}
        class="splitter-bar"
        role="separator"
        tabindex="0"
        aria-orientation="vertical"
        aria-label={props.label}
        aria-valuenow={props.size}
        aria-valuemin={min()}
        aria-valuemax={max()}
        data-dragging={dragging() ? "" : undefined}
        onPointerDown={drag}
        onKeyDown={press}
      />
      <div class="splitter-panel">{props.second}</div>
    </div>
  );
}
