/** What the address says of the table: which tasks, in which order, from which page, with which columns. */
import type { TaskView } from "../../api/queries";
import type { FilterItem, Filters } from "../../api/types";
import type { Sort } from "../../ui/Grid";

export const shows = ["all", "todo", "done"] as const;
export type Show = (typeof shows)[number];

/** Parameters of the address; what is as usual is left out. */
export interface ViewParams extends Record<string, string | undefined> {
  show?: string;
  /** Whose tasks: a member's number, or `nobody`. */
  for?: string;
  state?: string;
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

export const stateOf = (params: ViewParams): string | null => params.state || null;

export const isFiltered = (params: ViewParams): boolean => filtersOf(params) !== null;

/** A task is done when it has its date of completion. */
function shown(show: Show): FilterItem[] {
  if (show === "all") return [];
  return [
    {
      filter: "filter:tasks:completed_at",
      operator: "empty",
      type: "Datetime",
      value: show === "todo",
    },
  ];
}

const isNumber = (text: string): boolean => /^[1-9]\d{0,15}$/.test(text);

/** Whose tasks are shown; anything else than a number or `nobody` means everybody's. */
export const forOf = (params: ViewParams): string | null =>
  params.for && (params.for === "nobody" || isNumber(params.for)) ? params.for : null;

function assigned(to: string | null): FilterItem[] {
  const filter = "filter:tasks:assigned";
  if (to === null) return [];
  if (to === "nobody") return [{ filter, operator: "empty", type: "List", value: true }];
  return [{ filter, operator: "contains", type: "List", value: Number(to) }];
}

const inState = (state: string | null): FilterItem[] =>
  state === null ? [] : [{ filter: "filter:tasks:state", operator: "equal", type: "String", value: state }];

function filtersOf(params: ViewParams): Filters | null {
  const items = [...shown(showOf(params)), ...assigned(forOf(params)), ...inState(stateOf(params))];
  return items.length > 0 ? { conjunction: "and", items } : null;
}

export function taskView(project: number, params: ViewParams): TaskView {
  const sort = sortOf(params);
  const ordering = sort ? [`${sort.descending ? "-" : ""}tasks:${sort.column}`] : [];
  return { project, filters: filtersOf(params), ordering };
}
