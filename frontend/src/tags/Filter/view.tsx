import { onCleanup } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import { parseHotkey } from "../../config/hotkeys";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";

/** Hides entries of the list that do not fit; they keep their keys and their values. */
export default function Filter(props: TagViewProps) {
  const { host, node } = props;
  let box!: HTMLInputElement;
  const narrow = () => {
    const sensitive = readFlag(node, "caseSensetive");
    const fold = (text: string) => (sensitive ? text : text.toLowerCase());
    const least = Number(host.attribute(node, "minlength")) || 0;
    const words = box.value.length >= least ? fold(box.value.trim()) : "";
    const target = node.toNames[0] ?? "";
    const list = document.querySelector(`.tag-place[data-name="${CSS.escape(target)}"]`);
    for (const entry of list?.querySelectorAll<HTMLElement>(".label-chip, .choice") ?? [])
      entry.hidden = words !== "" && !fold(entry.textContent ?? "").includes(words);
  };
  for (const key of parseHotkey(readText(node, "hotkey")))
    onCleanup(host.onKey(key, () => box.focus(), words("goToFilter")));
  return (
    <input
      ref={box}
      class="answer"
      type="search"
      aria-label={word("filter", { name: node.toNames[0] ?? "" })}
      placeholder={readText(node, "placeholder")}
      onInput={narrow}
    />
  );
}
