/** Parts of the product that are fetched when they are first shown, together with what they lean on. */
import { type Component, type JSX, lazy } from "solid-js";
import { fetchIcons } from "../ui/Icon";
import { speakPages } from "./i18n";

type Load<Props> = () => Promise<{ default: (props: Props) => JSX.Element }>;
/** What `lazy` gives: a component that can be fetched before it is shown. */
type Fetched<Props> = ((props: Props) => JSX.Element) & { preload: Load<Props> };

/** A lazy component with the words and icons of the pages. */
export function worded<Props>(load: Load<Props>): Fetched<Props> {
  const part = lazy(async () => {
    const [loaded] = await Promise.all([load(), speakPages(), fetchIcons()]);
    return loaded as { default: Component<object> };
  });
  return part as unknown as Fetched<Props>;
}

/** A lazy component that asks the server by queries, too. */
export function queried<Props extends object>(load: Load<Props>): Fetched<Props> {
  return worded(async () => {
    const [{ default: Part }, { withQueries }] = await Promise.all([load(), import("./withQueries")]);
    return { default: withQueries(Part) };
  });
}
