/** Further wishes of an export: labels, people, days, agreement. Folded away until somebody wants them. */
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { peopleQuery } from "../../api/queries";
import type { Project } from "../../api/types";
import { t } from "../../app/i18n";
import { Checkbox, TextField } from "../../ui/Field";
import { countFilters, type ExportFilter, labelsOf } from "./exportFilter";

/** With more labels than this one would scroll for ages. */
const LABELS_SHOWN = 200;

export function ExportFilters(props: {
  project: Project;
  filter: ExportFilter;
  onChange: (filter: ExportFilter) => void;
}) {
  const people = useQuery(() => ({ ...peopleQuery(), retry: false }));
  const change = (part: Partial<ExportFilter>) => props.onChange({ ...props.filter, ...part });
  const labels = () => labelsOf(props.project);
  const count = () => countFilters(props.filter);
  return (
    <details class="export-filters">
      <summary>{count() ? t("export.filtersOn", { count: count() }) : t("export.filters")}</summary>
      <div class="export-wishes">
        <Show when={labels().length > 0}>
          <Chips
            legend={t("export.labels")}
            options={labels()
              .slice(0, LABELS_SHOWN)
              .map((label) => ({ value: label, label }))}
            chosen={props.filter.labels}
            onChange={(labels) => change({ labels })}
          />
        </Show>
        <Show when={people.isSuccess && people.data.length > 1 ? people.data : undefined}>
          {(list) => (
            <Chips
              legend={t("export.annotators")}
              options={list().map((person) => ({
                value: person.id,
                label: `${person.first_name} ${person.last_name}`.trim() || person.email,
              }))}
              chosen={props.filter.annotators}
              onChange={(annotators) => change({ annotators })}
            />
          )}
        </Show>
        <div class="export-row">
          <TextField
            label={t("export.from")}
            type="date"
            value={props.filter.from}
            max={props.filter.to || undefined}
            onInput={(from) => change({ from })}
          />
          <TextField
            label={t("export.to")}
            type="date"
            value={props.filter.to}
            min={props.filter.from || undefined}
            onInput={(to) => change({ to })}
          />
          <TextField
            label={t("export.agreement")}
            type="number"
            min="0"
            max="100"
            value={props.filter.agreement}
            onInput={(agreement) => change({ agreement })}
          />
        </div>
        <Checkbox
          label={t("export.groundTruth")}
          checked={props.filter.groundTruthOnly}
          onChange={(groundTruthOnly) => change({ groundTruthOnly })}
        />
        <Checkbox
          label={t("export.skipped")}
          checked={props.filter.skipped}
          onChange={(skipped) => change({ skipped })}
        />
      </div>
    </details>
  );
}

function Chips<Value extends string | number>(props: {
  legend: string;
  options: readonly { value: Value; label: string }[];
  chosen: readonly Value[];
  onChange: (chosen: readonly Value[]) => void;
}) {
  const toggle = (value: Value) =>
    props.onChange(
      props.chosen.includes(value) ? props.chosen.filter((one) => one !== value) : [...props.chosen, value],
    );
  return (
    <fieldset class="export-chips">
      <legend class="field-label">{props.legend}</legend>
      <For each={props.options}>
        {(option) => (
          <label class="export-chip">
            <input
              type="checkbox"
              checked={props.chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            <span>{option.label}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
