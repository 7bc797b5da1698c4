/** A window over the page: focus moves in, stays, and goes back where it was; Escape closes. */
import * as Kobalte from "@kobalte/core/dialog";
import { type JSX, Show } from "solid-js";
import { Button } from "./Button";
import "./Dialog.css";
import { words } from "./words";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: JSX.Element;
  size?: "small" | "medium" | "large";
  /** Buttons at the end; the one that goes on stands last. */
  footer?: JSX.Element;
  /** Cannot be closed but by finishing, as when the session must be renewed. */
  required?: boolean;
  children?: JSX.Element;
}

/** Where the work begins: what asks for the focus, else the first field, else the buttons; never the way out. */
function firstField(body: HTMLElement): HTMLElement | null {
  const fields = "input:checked, input:not([type=radio]), textarea, button, a[href], [tabindex='0']";
  return (
    body.querySelector<HTMLElement>("[autofocus]") ??
    body.querySelector<HTMLElement>(fields) ??
    body.parentElement?.querySelector<HTMLElement>(".dialog-foot button") ??
    body.closest<HTMLElement>(".dialog")
  );
}

export function Dialog(props: DialogProps) {
  let body!: HTMLDivElement;
  return (
    <Kobalte.Root
      open={props.open}
      modal
      onOpenChange={(open) => {
        if (!open && !props.required) props.onClose();
      }}
    >
      <Kobalte.Portal>
        <Kobalte.Overlay class="dialog-scrim" />
        <div class="dialog-place">
          <Kobalte.Content
            class="dialog"
            data-size={props.size ?? "medium"}
            onOpenAutoFocus={(event: Event) => {
              event.preventDefault();
              firstField(body)?.focus();
            }}
            onInteractOutside={(event: Event) => {
              // A press on a toast, which lies outside, is not a wish to close.
              if (event.target instanceof Element && event.target.closest(".toasts")) event.preventDefault();
            }}
          >
            <header class="dialog-head">
              <Kobalte.Title class="dialog-title">{props.title}</Kobalte.Title>
              <Show when={!props.required}>
                <Button look="quiet" icon="x" label={words.close()} onClick={() => props.onClose()} />
              </Show>
            </header>
            <div class="dialog-body" ref={body}>
              <Show when={props.description}>
                <Kobalte.Description class="dialog-description">{props.description}</Kobalte.Description>
              </Show>
              {props.children}
            </div>
            <Show when={props.footer}>
              <footer class="dialog-foot">{props.footer}</footer>
            </Show>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
