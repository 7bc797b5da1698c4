/** Asks before something is destroyed: says what and how much, and for much, wants it typed. */
import { createEffect, createSignal, type JSX, Show } from "solid-js";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";

export interface ConfirmProps {
  open: boolean;
  title: string;
  children: JSX.Element;
  action: string;
  cancel: string;
  /** When given, the action waits until exactly this is typed under `typeLabel`. */
  typed?: { text: string; label: string } | undefined;
  busy?: boolean | undefined;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm(props: ConfirmProps) {
  const [text, setText] = createSignal("");
  const ready = () => !props.typed || text().trim() === props.typed.text;
  const confirm = () => {
    if (ready() && !props.busy) props.onConfirm();
  };
  createEffect(() => {
    if (props.open) setText("");
  });
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      size="small"
      title={props.title}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{props.cancel}</Button>
          <Button look="danger" disabled={!ready()} busy={props.busy} onClick={confirm}>
            {props.action}
          </Button>
        </>
      }
    >
      <form
        class="confirm"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <div>{props.children}</div>
        <Show when={props.typed}>
          {(typed) => <TextField label={typed().label} value={text()} onInput={setText} autocomplete="off" />}
        </Show>
        <Show when={props.error}>
          <p class="field-error" role="alert">
            {props.error}
          </p>
        </Show>
      </form>
    </Dialog>
  );
}
