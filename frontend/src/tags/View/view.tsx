import type { JSX } from "solid-js";
import { readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { safeStyle } from "./style";

export default function View(props: TagViewProps) {
  return (
    <div
      class={`tag-view ${readText(props.node, "className")}`}
      id={readText(props.node, "idAttr") || undefined}
      data-display={readText(props.node, "display")}
      style={safeStyle(readText(props.node, "style"))}
    >
      {props.children as JSX.Element}
    </div>
  );
}
