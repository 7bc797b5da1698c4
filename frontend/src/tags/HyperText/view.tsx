import type { TagViewProps } from "../_contract/contract";
export default function HyperText(props: TagViewProps) {
  return <p>{props.node.name}</p>;
}
