import "./view.css";
import { createEffect, createMemo, For, onCleanup } from "solid-js";
import { readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";

/** A click on an object selects it; the two buttons say the same for keyboards and screen readers. */
export default function Pairwise(props: TagViewProps) {
  const { host, node } = props;
  const sides = node.toNames.slice(0, 2).map((name, index) => ({
    name: name.trim(),
    stored: index === 0 ? "left" : "right",
    look: readText(node, index === 0 ? "leftClass" : "rightClass").trim(),
  }));
  const chosen = createMemo(() => host.results({ from: node.name ?? "" })[0]?.value?.selected);
  const choose = (stored: string, name: string) => {
    if (host.readOnly) return;
    host.setValue(node, chosen() === stored ? null : { selected: stored });
    host.announce(chosen() === stored ? word("better", { name }) : words("takenBackAlone"));
  };
  const places = () =>
    sides.map(({ name }) =>
      document.querySelector<HTMLElement>(`.tag-place[data-name="${CSS.escape(name)}"]`),
    );
  const listen = (event: MouseEvent) => {
    if ((event.target as Element).closest("button, a, input, textarea, select")) return;
    const index = places().findIndex((place) => place?.contains(event.target as Node));
    const side = sides[index];
    // Marking text in an object is not a choice.
    if (side && document.getSelection()?.isCollapsed !== false) choose(side.stored, side.name);
  };
  document.addEventListener("click", listen);
  onCleanup(() => document.removeEventListener("click", listen));
  createEffect(() => {
    const now = chosen();
    places().forEach((place, index) => {
      const side = sides[index];
      place?.toggleAttribute("data-chosen", now !== undefined && now === side?.stored);
      if (side?.look) place?.classList.toggle(side.look, now === side.stored);
      place?.toggleAttribute("data-pair", true);
    });
  });
  return (
    <fieldset class="pairwise">
      <legend class="visually-hidden">{node.name}</legend>
      <For each={sides}>
        {(side, index) => (
          <button
            type="button"
            class="button"
            data-look="plain"
            aria-pressed={chosen() === side.stored}
            disabled={host.readOnly}
            onClick={() => choose(side.stored, side.name)}
          >
            {index() === 0 ? "← " : ""}
            {side.name}
            {index() === 1 ? " →" : ""}
          </button>
        )}
      </For>
    </fieldset>
  );
}
