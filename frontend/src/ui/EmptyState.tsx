/** What a list shows when it has nothing: why, and the way on. */
import { type JSX, Show } from "solid-js";
import "./EmptyState.css";
import { Icon, type IconName } from "./Icon";

export function EmptyState(props: {
  icon: IconName;
  title: string;
  children?: JSX.Element;
  actions?: JSX.Element;
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} size={24} />
      </span>
      <h2>{props.title}</h2>
      <Show when={props.children}>
        <p class="muted">{props.children}</p>
      </Show>
      <Show when={props.actions}>
        <div class="empty-actions">{props.actions}</div>
      </Show>
    </div>
  );
}
