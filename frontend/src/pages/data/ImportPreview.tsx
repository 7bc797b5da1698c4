/** What a dry run has found: how many tasks there would be, the first of them, and warnings. */
import { For, Show } from "solid-js";
import type { Job } from "../../api/types";
import { t } from "../../app/i18n";

interface Row {
  data: Record<string, unknown>;
  annotations?: number;
  predictions?: number;
}

export interface Preview {
  count: number;
  rows: Row[];
  columns: string[];
  warnings: string[];
}

/** The preview of a dry run that has ended; null for any other job. */
export function previewOf(job: Job | undefined): Preview | null {
  const { preview, data_columns, task_count, warnings } = job?.result ?? {};
  if (job?.state !== "completed" || !Array.isArray(preview)) return null;
  return {
    count: Number(task_count ?? 0),
    rows: preview as Row[],
    columns: Array.isArray(data_columns) ? data_columns.map(String) : [],
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
  };
}

/** A value of task data as one cell shows it. */
export const cellText = (value: unknown): string =>
  value === undefined || value === null
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

export function ImportPreview(props: { preview: Preview }) {
  const withAnnotations = () => props.preview.rows.some((row) => row.annotations);
  const withPredictions = () => props.preview.rows.some((row) => row.predictions);
  return (
    <section class="preview" aria-label={t("import.preview")}>
      <h3>{t("import.wouldBe", { count: props.preview.count })}</h3>
      <Show when={props.preview.rows.length > 0}>
        <div class="preview-scroll" tabindex="0">
          <table>
            <thead>
              <tr>
                <For each={props.preview.columns}>{(column) => <th scope="col">{column}</th>}</For>
                <Show when={withAnnotations()}>
                  <th scope="col">{t("column.annotations")}</th>
                </Show>
                <Show when={withPredictions()}>
                  <th scope="col">{t("column.predictions")}</th>
                </Show>
              </tr>
            </thead>
            <tbody>
              <For each={props.preview.rows}>
                {(row) => (
                  <tr>
                    <For each={props.preview.columns}>
                      {(column) => <td dir="auto">{cellText(row.data[column])}</td>}
                    </For>
                    <Show when={withAnnotations()}>
                      <td class="tabular">{row.annotations ?? 0}</td>
                    </Show>
                    <Show when={withPredictions()}>
                      <td class="tabular">{row.predictions ?? 0}</td>
                    </Show>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <For each={props.preview.warnings}>{(warning) => <p class="muted">{warning}</p>}</For>
    </section>
  );
}
