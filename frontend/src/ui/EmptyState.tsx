/** What a list shows when it has nothing: why, and the way on. */
import { type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import "./EmptyState.css";
import { Icon, type IconName } from "./Icon";

export function EmptyState(props: {
  icon: IconName;
  title: string;
  /** The page's own heading when nothing else is on it. */
  heading?: "h1" | "h2";
  children?: JSX.Element;
  actions?: JSX.Element;
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} size={24} />
      </span>
      <Dynamic component={props.heading ?? "h2"}>{props.title}</Dynamic>
      <Show when={props.children}>
        <p class="muted">{props.children}</p>
      </Show>
      <Show when={props.actions}>
        <div class="empty-actions">{props.actions}</div>
      </Show>
    </div>
  );
}
