import { readFlag, readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { safeStyle } from "../View/style";

/** Levels start at 2: the page's own title is the only heading of the first level. */
export default function Header(props: TagViewProps) {
  const size = () => Math.min(6, Math.max(1, Number(props.host.attribute(props.node, "size")) || 4));
  return (
    <div
      role="heading"
      aria-level={Math.max(2, size())}
      class={`tag-header ${readText(props.node, "className")}`}
      data-size={size()}
      data-underline={readFlag(props.node, "underline") ? "" : undefined}
      style={safeStyle(readText(props.node, "style"))}
    >
      {readText(props.node, "value", props.host.data)}
    </div>
  );
}
