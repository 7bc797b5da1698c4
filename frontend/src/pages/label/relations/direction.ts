/** Which way a relation points: `right` is from `from_id` to `to_id`, `left` the other way, `bi` both. */
import type { ResultItem } from "../../../store/result";

export type Direction = "right" | "left" | "bi";

/** What a press of the direction makes of it. */
export const turned: Readonly<Record<Direction, Direction>> = { right: "left", left: "bi", bi: "right" };

/** As they are shown, where the page is written from left to right. */
export const signs: Readonly<Record<Direction, string>> = { right: "→", left: "←", bi: "↔" };

/** What cannot be read counts as the direction that relations are made with. */
export function directionOf(item: ResultItem): Direction {
  return item.direction === "left" || item.direction === "bi" ? item.direction : "right";
}
