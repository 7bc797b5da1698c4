/** A word on a coloured ground: a state, never by colour alone. */
import type { JSX } from "solid-js";
import "./Badge.css";

export type BadgeTone = "neutral" | "accent" | "success" | "warning" | "danger";

export function Badge(props: { tone?: BadgeTone; children: JSX.Element }) {
  return (
    <span class="badge" data-tone={props.tone ?? "neutral"}>
      {props.children}
    </span>
  );
}
