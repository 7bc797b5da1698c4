import "./view.css";
import { createMemo, createUniqueId, For, onCleanup } from "solid-js";
import { readText } from "../../config/attributes";
import { parseHotkey } from "../../config/hotkeys";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";

export default function Rating(props: TagViewProps) {
  const { host, node } = props;
  const group = createUniqueId();
  const most = Math.min(100, Math.max(1, Number(host.attribute(node, "maxRating")) || 5));
  const stars = Array.from({ length: most }, (_, index) => index + 1);
  const stored = createMemo(() => {
    const target = host.valueTarget(node);
    const value = target ? host.results({ from: node.name ?? "", ...target })[0]?.value?.rating : undefined;
    return typeof value === "number" ? value : undefined;
  });
  const rating = () => stored() ?? (Number(host.attribute(node, "defaultValue")) || 0);
  const rate = (value: number) => {
    if (host.readOnly || !host.visible(node)) return;
    host.setValue(node, value ? { rating: value } : null);
    host.announce(value ? word("rated", { value, most }) : words("ratingBack"));
  };
  for (const key of parseHotkey(readText(node, "hotkey")))
    onCleanup(
      host.onKey(key, () => rate((rating() + 1) % (most + 1)), word("rate", { name: node.name ?? "" })),
    );
  return (
    <fieldset class="rating" data-size={readText(node, "size")}>
      <legend class="visually-hidden">{node.name}</legend>
      <For each={stars}>
        {(value) => (
          <label class="rating-star" data-on={value <= rating() ? "" : undefined}>
            <input
              type="radio"
              class="visually-hidden"
              name={group}
              checked={rating() === value}
              disabled={host.readOnly}
              aria-label={word("ofMost", { value, most })}
              onChange={() => rate(value)}
              // What is given already is taken back; a default that is only shown is confirmed.
              onClick={() => rating() === value && rate(stored() === value ? 0 : value)}
            />
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 2.8l2.8 5.9 6.4.8-4.7 4.4 1.2 6.4-5.7-3.1-5.7 3.1 1.2-6.4-4.7-4.4 6.4-.8z" />
            </svg>
          </label>
        )}
      </For>
    </fieldset>
  );
}
