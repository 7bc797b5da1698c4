/** Everything that can be done, found by typing: arrows choose, Enter does. */
import { createEffect, createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { Dialog } from "./Dialog";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";
import "./CommandPalette.css";
import { rank } from "./match";
import { words } from "./words";

export interface PaletteItem {
  id: string;
  title: string;
  group: string;
  icon?: IconName | undefined;
  caps?: string[][] | undefined;
  run: () => void;
}

export function CommandPalette(props: {
  open: boolean;
  title: string;
  placeholder: string;
  items: readonly PaletteItem[];
  onClose: () => void;
  /** What is typed, for items that must be looked up. */
  onQuery?: (query: string) => void;
}) {
  const id = createUniqueId();
  const [query, setQuery] = createSignal("");
  const [place, setPlace] = createSignal(0);
  const found = createMemo(() => rank(query(), props.items, (item) => item.title).slice(0, 50));
  const current = () => found()[Math.min(place(), found().length - 1)];

  createEffect(() => {
    if (!props.open) return;
    setQuery("");
    setPlace(0);
    props.onQuery?.("");
  });

  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    props.onClose();
    // After the dialog has given the focus back, so that what opens next may take it.
    queueMicrotask(item.run);
  };
  const move = (by: number) => {
    setPlace(
      (now) => (Math.min(now, found().length - 1) + by + found().length) % Math.max(1, found().length),
    );
    document.getElementById(`${id}-${current()?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  const press = (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => choose(current()),
    };
    const act = event.isComposing ? undefined : actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title}>
      <div class="palette">
        <input
          class="input"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current() ? `${id}-${current()?.id}` : undefined}
          aria-label={props.placeholder}
          placeholder={props.placeholder}
          autocomplete="off"
          spellcheck={false}
          autofocus
          value={query()}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setPlace(0);
            props.onQuery?.(event.currentTarget.value);
          }}
          onKeyDown={press}
        />
        <Show when={found().length > 0} fallback={<p class="palette-none muted">{words.noMatches()}</p>}>
          <div class="palette-list" role="listbox" id={`${id}-list`} aria-label={props.title}>
            <For each={found()}>
              {(item) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the input above hears the keys
                <div
                  id={`${id}-${item.id}`}
                  class="menu-item"
                  role="option"
                  tabindex="-1"
                  aria-selected={item === current()}
                  data-highlighted={item === current() ? "" : undefined}
                  onPointerMove={() => setPlace(found().indexOf(item))}
                  onClick={() => choose(item)}
                >
                  <Icon name={item.icon ?? "chevron-right"} />
                  <span class="palette-title">{item.title}</span>
                  <Show when={item.caps} fallback={<span class="muted">{item.group}</span>}>
                    {(caps) => <Kbd caps={caps()} />}
                  </Show>
                </div>
              )}
            </For>
          </div>
        </Show>
      </div>
    </Dialog>
  );
}
