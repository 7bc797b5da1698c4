/** What may be written next, in a list under the caret. The focus stays in the text. */
import { createEffect, For, onCleanup, onMount, Show } from "solid-js";
import "./CodeOptions.css";

export interface CodeOption {
  readonly label: string;
  readonly doc: string;
  /** What is written, and where in it the caret goes. */
  readonly insert: string;
  readonly caret: number;
}

export interface CodeOffer {
  /** What an option takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly CodeOption[];
}

/** Where the caret is on the screen. */
export interface CaretRect {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

const HEIGHT = 260;
const WIDTH = 380;

export function CodeOptions(props: {
  id: string;
  label: string;
  options: readonly CodeOption[];
  chosen: number;
  at: CaretRect;
  onChoose: (index: number) => void;
  /** Something around has been scrolled. */
  onScroll: () => void;
}) {
  let list!: HTMLDivElement;
  // On the top layer nothing cuts it off: neither a panel that scrolls nor one that holds its layout together.
  onMount(() => list.showPopover?.());
  const scrolled = (event: Event) => {
    if (event.target !== list) props.onScroll();
  };
  window.addEventListener("scroll", scrolled, { capture: true, passive: true });
  onCleanup(() => window.removeEventListener("scroll", scrolled, { capture: true }));
  createEffect(() => list.children[props.chosen]?.scrollIntoView({ block: "nearest" }));
  const place = () => {
    const left = Math.max(4, Math.min(props.at.left, window.innerWidth - WIDTH - 4));
    const isBelow = props.at.bottom + HEIGHT < window.innerHeight || props.at.top < HEIGHT;
    const side = isBelow
      ? `inset-block-start: ${props.at.bottom + 2}px`
      : `inset-block-end: ${window.innerHeight - props.at.top + 2}px`;
    return `left: ${left}px; ${side}`;
  };
  return (
    <div
      ref={list}
      id={props.id}
      class="code-options"
      role="listbox"
      aria-label={props.label}
      popover="manual"
      dir="ltr"
      style={place()}
    >
      <For each={props.options}>
        {(option, index) => (
          <div
            id={`${props.id}-${index()}`}
            role="option"
            aria-selected={index() === props.chosen}
            onPointerDown={(event) => event.preventDefault()}
            onPointerUp={() => props.onChoose(index())}
          >
            <code>{option.label}</code>
            <Show when={option.doc}>
              <span lang="en">{option.doc}</span>
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}
