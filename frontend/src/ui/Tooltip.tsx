/** A word on what something is, on hover and on focus. The thing itself must have a name without it. */
import * as Kobalte from "@kobalte/core/tooltip";
import type { JSX } from "solid-js";
import "./Tooltip.css";

export function Tooltip(props: { text: JSX.Element; children: JSX.Element }) {
  return (
    <Kobalte.Root openDelay={400} gutter={6}>
      <Kobalte.Trigger as="span" class="tooltip-on" tabindex={-1}>
        {props.children}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="tooltip">{props.text}</Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
