/** What of the comments concerns which region. */
import type { Comment } from "../../../api/types";

/** The region a comment is about: clients may name other things in a `region_ref`. */
export const regionOf = ({ region_ref }: Comment): string | undefined =>
  typeof region_ref?.regionId === "string" ? region_ref.regionId : undefined;

/** How many comments that are not resolved there are on which region. */
export function countByRegion(comments: readonly Comment[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const comment of comments) {
    const id = regionOf(comment);
    if (id !== undefined && !comment.is_resolved) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
