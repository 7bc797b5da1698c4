import { readFlag, readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { safeStyle } from "../View/style";

/** All of one level to screen readers, for `size` says how large it looks, not where it stands. */
export default function Header(props: TagViewProps) {
  const size = () => Math.min(6, Math.max(1, Number(props.host.attribute(props.node, "size")) || 4));
  return (
    <h2
      class={`tag-header ${readText(props.node, "className")}`}
      data-size={size()}
      data-underline={readFlag(props.node, "underline") ? "" : undefined}
      style={safeStyle(readText(props.node, "style"))}
    >
      {readText(props.node, "value", props.host.data)}
    </h2>
  );
}
