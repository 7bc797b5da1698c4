/** A version on a canvas of its own, with what it has other than another one marked. */
import { placeOfRegion } from "../../../config/results";
import { type ResultItem, sameJson } from "../../../store/result";
import type { Open } from "../screen";
import { signs } from "./ChangeList";
import type { ChangeKind, Differences } from "./differences";
import { type Mark, marked } from "./marks";
import { StageHost } from "./StageHost";

/** Told apart by sign as well: colours alone are not seen by all. */
export const changeColors: Readonly<Record<ChangeKind, string>> = {
  added: "#2a9d4e",
  changed: "#d98a00",
  removed: "#d93a3a",
};
const QUIET = "#7f8896";

const marks: readonly Mark[] = [
  ...(Object.entries(changeColors) as [ChangeKind, string][]).map(([id, color]) => ({
    id,
    color,
    title: (label: string) => `${signs[id]} ${label}`,
  })),
  { id: "same", color: QUIET, title: (label) => label },
  { id: "was", color: QUIET, title: (label) => `… ${label}` },
];

/** The stage of `results`; `found` says what is other in them. */
export function comparedStage(open: Open, results: readonly ResultItem[], found: Differences): StageHost {
  const { tree } = open.host;
  const kinds = new Map(found.regions.map(({ id, kind }) => [id, kind]));
  const of = (kind: string) => results.filter((item) => (kinds.get(item.id ?? "") ?? "same") === kind);
  const gone = found.regions.filter(({ kind }) => kind === "removed").flatMap(({ before }) => before);
  const moved = found.regions.filter(isMoved).flatMap(({ before }) => before);
  return new StageHost(
    open,
    [
      ...marked(tree, moved, "was"),
      ...marked(tree, of("same"), "same"),
      ...marked(tree, gone, "removed"),
      ...marked(tree, of("changed"), "changed"),
      ...marked(tree, of("added"), "added"),
    ],
    marks,
  );
}

/** Where a region lay before is shown only when it lies elsewhere now. */
function isMoved({ kind, before, after }: Differences["regions"][number]): boolean {
  return kind === "changed" && !sameJson(placeOfRegion(before[0]?.value), placeOfRegion(after[0]?.value));
}
