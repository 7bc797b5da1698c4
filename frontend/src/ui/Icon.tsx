/** One icon of the set, drawn in the colour of the text around it and silent to screen readers. */
import "./Icon.css";
import { type IconName, icons } from "./icons";

export type { IconName } from "./icons";

export function Icon(props: { name: IconName; size?: number; class?: string }) {
  return (
    <span
      class={props.class ? `icon ${props.class}` : "icon"}
      aria-hidden="true"
      style={{ "--icon": `${props.size ?? 16}px` }}
      // Constant markup of our own build, never data.
      innerHTML={icons[props.name]}
    />
  );
}
