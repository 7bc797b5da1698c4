/** Keys drawn as caps: `[["Ctrl", "K"]]` is one press, `[["G"], ["P"]]` two after each other. */
import { For } from "solid-js";
import "./Kbd.css";

export function Kbd(props: { caps: string[][] }) {
  return (
    <span class="keys" dir="ltr">
      <For each={props.caps}>
        {(press) => (
          <span class="keys-press">
            <For each={press}>{(cap) => <kbd>{cap}</kbd>}</For>
          </span>
        )}
      </For>
    </span>
  );
}
