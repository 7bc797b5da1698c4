/** One icon of the set, drawn in the colour of the text around it and silent to screen readers. */
import "./Icon.css";
import { createSignal } from "solid-js";
import { type IconName, icons } from "./icons";

export type { IconName } from "./icons";

const [drawings, setDrawings] = createSignal<Partial<Record<IconName, string>>>(icons);
let fetching: Promise<void> | undefined;

/** Waits for the icons that not every page shows. Rejects when they cannot be fetched. */
export function fetchIcons(): Promise<void> {
  fetching ??= import("./pageIcons").then(({ pageIcons }) => {
    setDrawings({ ...icons, ...pageIcons });
  });
  fetching.catch(() => {
    fetching = undefined;
  });
  return fetching;
}

export function Icon(props: { name: IconName; size?: number; class?: string }) {
  const drawing = () => {
    const found = drawings()[props.name];
    // Whoever did not wait has it a moment later.
    if (found === undefined) void fetchIcons().catch(() => undefined);
    return found ?? "";
  };
  return (
    <span
      class={props.class ? `icon ${props.class}` : "icon"}
      aria-hidden="true"
      data-icon={props.name}
      style={{ "--icon": `${props.size ?? 16}px` }}
      // Constant markup of our own build, never data.
      innerHTML={drawing()}
    />
  );
}
