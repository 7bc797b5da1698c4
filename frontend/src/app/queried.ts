/** Parts of the product that are fetched when they are first shown, together with what they lean on. */
import { type Component, type JSX, lazy } from "solid-js";
import { fetchIcons } from "../ui/Icon";
import { speakPages } from "./i18n";
import { withConnection } from "./withConnection";

type Load<Props> = () => Promise<{ default: (props: Props) => JSX.Element }>;
/** What `lazy` gives: a component that can be fetched before it is shown. */
type Fetched<Props> = ((props: Props) => JSX.Element) & { preload: Load<Props> };

/** A lazy component that waits for the connection where there is none, in the place of an end to the page. */
export const fetched = <Props>(load: Load<Props>): Fetched<Props> =>
  lazy(() => withConnection(load) as Promise<{ default: Component<object> }>) as unknown as Fetched<Props>;

/** The same with the words and icons of the pages. */
export function worded<Props>(load: Load<Props>): Fetched<Props> {
  return fetched(async () => {
    const [loaded] = await Promise.all([load(), speakPages(), fetchIcons()]);
    return loaded;
  });
}

/** A lazy component that asks the server by queries, too. */
export function queried<Props extends object>(load: Load<Props>): Fetched<Props> {
  return worded(async () => {
    const [{ default: Part }, { withQueries }] = await Promise.all([load(), import("./withQueries")]);
    return { default: withQueries(Part) };
  });
}
