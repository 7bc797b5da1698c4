/** What was drawn in a preview goes on into the next config, as far as that still means it. */
import type { ConfigTree } from "../../config/tree";
import type { ResultItem } from "../../store/result";

/** The results whose control and object are still there and of their kind, and relations between what is left. */
export function carriedResults(results: readonly ResultItem[], tree: ConfigTree): readonly ResultItem[] {
  const fits = (item: ResultItem) => {
    const control = tree.byName.get(item.from_name ?? "");
    return (
      tree.byName.has(item.to_name ?? "") &&
      (control?.schema?.resultTypes.includes(item.type ?? "") ?? false) &&
      control?.toNames.includes(item.to_name ?? "") === true
    );
  };
  const kept = new Set(results.filter(fits).map(({ id }) => id));
  return results.filter((item) =>
    item.type === "relation"
      ? kept.has(item.from_id as string) && kept.has(item.to_id as string)
      : fits(item),
  );
}
