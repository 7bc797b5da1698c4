/** What an export is to hold, as the dialog asks it and as the server is told. */
import type { ExportRequest, Project } from "../../api/types";

export type Which = "all" | "latest" | "majority";

export interface ExportFilter {
  readonly labels: readonly string[];
  readonly annotators: readonly number[];
  /** Days, `2026-11-27`; both are included. */
  readonly from: string;
  readonly to: string;
  /** Percent, or empty. */
  readonly agreement: string;
  readonly skipped: boolean;
  readonly groundTruthOnly: boolean;
}

export const noFilter: ExportFilter = {
  labels: [],
  annotators: [],
  from: "",
  to: "",
  agreement: "",
  skipped: false,
  groundTruthOnly: false,
};

/** How many things the filter asks for. */
export function countFilters(filter: ExportFilter): number {
  const asked = [
    filter.labels.length > 0,
    filter.annotators.length > 0,
    filter.from,
    filter.to,
    filter.agreement,
    filter.skipped,
    filter.groundTruthOnly,
  ];
  return asked.filter(Boolean).length;
}

/** The labels and choices of a project's config, each once, in its order. */
export function labelsOf(project: Pick<Project, "parsed_label_config">): readonly string[] {
  const controls = Object.values(project.parsed_label_config ?? {});
  return [...new Set(controls.flatMap((control) => control.labels ?? []))];
}

/** The body of the request. Days are those of the reader's clock. */
export function exportBody(
  format: string,
  tasks: "labeled" | "all",
  which: Which,
  filter: ExportFilter,
): ExportRequest {
  const asksTasks = tasks === "labeled" || filter.labels.length > 0 || filter.agreement !== "";
  const asksAnnotations =
    which !== "all" ||
    filter.annotators.length > 0 ||
    filter.from !== "" ||
    filter.to !== "" ||
    filter.skipped ||
    filter.groundTruthOnly;
  return {
    export_type: format,
    ...(asksTasks && {
      task_filter_options: {
        ...(tasks === "labeled" &&
          (filter.skipped ? { only_with_annotations: true } : { annotated: "only" as const })),
        ...(filter.labels.length > 0 && { labels: [...filter.labels] }),
        ...(filter.agreement !== "" && { agreement_from: Number(filter.agreement) / 100 }),
      },
    }),
    ...(asksAnnotations && {
      annotation_filter_options: {
        usual: !filter.groundTruthOnly,
        ground_truth: true,
        skipped: filter.skipped,
        which,
        ...(filter.annotators.length > 0 && { annotators: [...filter.annotators] }),
        ...(filter.from && { created_from: startOf(filter.from, 0) }),
        ...(filter.to && { created_to: startOf(filter.to, 1) }),
      },
    }),
  };
}

/** The moment at which a day begins here, so many days later. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
