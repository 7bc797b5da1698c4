import type { TagViewProps } from "../_contract/contract";
import { safeRules } from "../View/style";

/** The rules stand in an `@scope` of the labeling area, so they reach nothing else of the page. */
export default function Style(props: TagViewProps) {
  return <style>{`@scope (.label-work) { ${safeRules(props.node.content)} }`}</style>;
}
