/** Labelled inputs: every input has a visible name, perhaps a hint, and its fault beside it. */
import { createUniqueId, type JSX, onMount, Show, splitProps } from "solid-js";
import "./Field.css";

export interface FieldProps {
  label: string;
  hint?: JSX.Element;
  error?: string | null | undefined;
  class?: string;
}

/** Ids and states that tie an input to its label, hint and fault; spread them on the input. */
export interface FieldAttributes {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

export function Field(props: FieldProps & { children: (attributes: FieldAttributes) => JSX.Element }) {
  const id = createUniqueId();
  const describedBy = () =>
    [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const attributes: FieldAttributes = {
    id,
    get "aria-describedby"() {
      return describedBy();
    },
    get "aria-invalid"() {
      return props.error ? ("true" as const) : undefined;
    },
  };
  return (
    <div class={props.class ? `field ${props.class}` : "field"}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      {props.children(attributes)}
      <Show when={props.error}>
        <p id={`${id}-error`} class="field-error">
          {props.error}
        </p>
      </Show>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="field-hint">
          {props.hint}
        </p>
      </Show>
    </div>
  );
}

type InputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "onInput" | "class" | "value">;

export function TextField(
  props: FieldProps & InputProps & { value: string | number; onInput: (value: string) => void },
) {
  const [field, own, rest] = splitProps(props, ["label", "hint", "error", "class"], ["onInput"]);
  let input: HTMLInputElement | undefined;
  // The attribute alone acts only while a document loads, and pages come later than that.
  onMount(() => {
    if (props.autofocus) input?.focus();
  });
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          ref={input}
          class="input"
          type="text"
          {...rest}
          {...attributes}
          onInput={(event) => own.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

type AreaProps = Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, "onInput" | "class" | "value">;

export function TextArea(
  props: FieldProps & AreaProps & { value: string; onInput: (value: string) => void },
) {
  const [field, own, rest] = splitProps(props, ["label", "hint", "error", "class"], ["onInput"]);
  return (
    <Field {...field}>
      {(attributes) => (
        <textarea
          class="input"
          rows={3}
          {...rest}
          {...attributes}
          onInput={(event) => own.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A choice of yes or no: a box to tick, or a switch for what takes effect at once. */
export function Checkbox(props: {
  label: JSX.Element;
  hint?: JSX.Element;
  checked: boolean;
  onChange: (checked: boolean) => void;
  look?: "box" | "switch";
  disabled?: boolean;
}) {
  const id = createUniqueId();
  return (
    <div class="check" data-look={props.look ?? "box"}>
      <input
        type="checkbox"
        role={props.look === "switch" ? "switch" : undefined}
        id={id}
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{props.label}</label>
        <Show when={props.hint}>
          <p id={`${id}-hint`} class="field-hint">
            {props.hint}
          </p>
        </Show>
      </div>
    </div>
  );
}
