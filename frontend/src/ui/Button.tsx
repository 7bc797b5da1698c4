/** Buttons, and links that look like them. One look per weight: primary once a screen, plain, quiet, danger. */
import { type JSX, Show, splitProps } from "solid-js";
import "./Button.css";
import { Icon, type IconName } from "./Icon";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

/** What a button looks like, without what it does: for the widgets that open from one. */
export interface ButtonShape {
  look?: ButtonLook;
  size?: "small" | "medium" | "large";
  /** Drawn before the words, or alone when there are none; then `label` names the button. */
  icon?: IconName;
  class?: string | undefined;
  /** The accessible name, and the hint on hover, of a button that shows an icon only. */
  label?: string;
}

export interface ButtonProps extends ButtonShape, JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  /** Work under way: the icon turns, and presses do nothing. */
  busy?: boolean | undefined;
}

export interface LinkButtonProps extends ButtonShape, JSX.AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
}

const shapeKeys = ["look", "size", "icon", "label", "class", "children"] as const;

function attributes(shape: ButtonShape & { class?: string | undefined; children?: JSX.Element }) {
  return {
    get class() {
      return shape.class ? `button ${shape.class}` : "button";
    },
    get "data-look"() {
      return shape.look ?? "plain";
    },
    get "data-size"() {
      return shape.size ?? "medium";
    },
    get "data-icon-only"() {
      return shape.children === undefined ? "" : undefined;
    },
    get "aria-label"() {
      return shape.label;
    },
    get title() {
      return shape.children === undefined ? shape.label : undefined;
    },
  };
}

export function Button(props: ButtonProps) {
  const [shape, own, rest] = splitProps(props, shapeKeys, ["busy", "onClick", "type"]);
  return (
    <button
      {...attributes(shape)}
      {...rest}
      type={own.type ?? "button"}
      aria-busy={own.busy ? "true" : undefined}
      onClick={(event) => {
        if (own.busy) event.preventDefault();
        else if (typeof own.onClick === "function") own.onClick(event);
      }}
    >
      <Show when={own.busy ? "loader-circle" : shape.icon}>{(name) => <Icon name={name()} />}</Show>
      {shape.children}
    </button>
  );
}

export function LinkButton(props: LinkButtonProps) {
  const [shape, rest] = splitProps(props, shapeKeys);
  return (
    <a {...attributes(shape)} {...rest}>
      <Show when={shape.icon}>{(name) => <Icon name={name()} />}</Show>
      {shape.children}
    </a>
  );
}
