import "./view.css";
import type { JSX } from "solid-js";
import { readFlag, readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";

/** The browser's own disclosure; those of one accordion share a name, so that opening one closes the rest. */
export default function Panel(props: TagViewProps) {
  const around = () => props.node.parent;
  const together = () => {
    const collapse = around();
    return collapse && readFlag(collapse, "accordion") ? `collapse-${collapse.index}` : undefined;
  };
  const open = () => {
    const collapse = around();
    return collapse !== null && readFlag(collapse, "open");
  };
  return (
    <details class="panel" open={open()} {...(together() ? { name: together() } : {})}>
      <summary>{readText(props.node, "value", props.host.data)}</summary>
      <div class="panel-body">{props.children as JSX.Element}</div>
    </details>
  );
}
