/** What the address says of the table: which tasks, in which order, from which page, with which columns. */
import type { TaskView } from "../../api/queries";
import type { Filters } from "../../api/types";
import type { Sort } from "../../ui/Grid";

export const shows = ["all", "todo", "done"] as const;
export type Show = (typeof shows)[number];

/** Parameters of the address; what is as usual is left out. */
export interface ViewParams extends Record<string, string | undefined> {
  show?: string;
  sort?: string;
  page?: string;
  cols?: string;
  dialog?: string;
}

export const showOf = (params: ViewParams): Show => shows.find((show) => show === params.show) ?? "all";

export const pageOf = (params: ViewParams): number => Math.max(1, Math.floor(Number(params.page)) || 1);

export function sortOf(params: ViewParams): Sort | null {
  if (!params.sort) return null;
  const descending = params.sort.startsWith("-");
  return { column: descending ? params.sort.slice(1) : params.sort, descending };
}

export const sortParam = (sort: Sort | null): string | null =>
  sort ? `${sort.descending ? "-" : ""}${sort.column}` : null;

export const columnsOf = (params: ViewParams): string[] | null =>
  params.cols ? params.cols.split(",").filter(Boolean) : null;

/** A task is done when it has its date of completion. */
function filtersOf(show: Show): Filters | null {
  if (show === "all") return null;
  const item = {
    filter: "filter:tasks:completed_at",
    operator: "empty",
    type: "Datetime",
    value: show === "todo",
  };
  return { conjunction: "and", items: [item] };
}

export function taskView(project: number, params: ViewParams): TaskView {
  const sort = sortOf(params);
  const ordering = sort ? [`${sort.descending ? "-" : ""}tasks:${sort.column}`] : [];
  return { project, filters: filtersOf(showOf(params)), ordering };
}
