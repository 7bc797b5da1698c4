/** A panel that hangs from a button and closes by Escape or a press elsewhere. */
import * as Kobalte from "@kobalte/core/popover";
import type { JSX } from "solid-js";
import { Button, type ButtonShape } from "./Button";
import "./Popover.css";

export interface PopoverProps {
  button: ButtonShape & { children?: JSX.Element };
  title: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: JSX.Element;
}

export function Popover(props: PopoverProps) {
  return (
    <Kobalte.Root
      placement="bottom-end"
      gutter={4}
      {...(props.open === undefined ? {} : { open: props.open })}
      {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}
    >
      <Kobalte.Trigger as={Button} look="quiet" {...props.button} />
      <Kobalte.Portal>
        <Kobalte.Content class="popover">
          <Kobalte.Title class="popover-title">{props.title}</Kobalte.Title>
          {props.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
