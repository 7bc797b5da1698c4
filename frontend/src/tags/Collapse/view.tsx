import type { JSX } from "solid-js";
import type { TagViewProps } from "../_contract/contract";

export default function Collapse(props: TagViewProps) {
  return <div class="collapse">{props.children as JSX.Element}</div>;
}
