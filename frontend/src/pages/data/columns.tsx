/** The columns a table of tasks can have, and how each one shows a task. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import type { Column, ListedTask, Project, UserRef } from "../../api/types";
import { formatAgo, formatDate, formatNumber, t } from "../../app/i18n";
import { stateName } from "../../app/workflow";
import { Avatar } from "../../ui/Avatar";
import { Badge, type BadgeTone } from "../../ui/Badge";
import type { GridColumn } from "../../ui/Grid";
import { Icon, type IconName } from "../../ui/Icon";
import { configTypes, fileName, shownValue, standsElsewhere, stateOf, type TaskState } from "./facts";
import { Thumbnail } from "./Thumbnail";
import { say } from "./words";

/** A column of ours; `key` is its name in the address and in the API's ordering. */
export interface TaskColumn extends GridColumn<ListedTask> {
  /** Shown unless the user chose otherwise. */
  usual: boolean;
}

const tones: Record<TaskState, BadgeTone> = {
  done: "success",
  started: "accent",
  skipped: "warning",
  todo: "neutral",
};

const mediaIcons: Record<string, IconName> = {
  Audio: "music",
  AudioPlus: "music",
  Video: "video",
  Pdf: "file-text",
};

/** Data columns first, those the config uses before the others; then what the server counts. */
export function taskColumns(
  project: Project,
  columns: readonly Column[],
  people: () => ReadonlyMap<number, UserRef>,
): TaskColumn[] {
  const types = configTypes(project);
  const data = columns.filter((column) => column.parent === "data" && column.id !== "$undefined$");
  const inConfig = (column: Column) => Number(types.has(column.id));
  data.sort((a, b) => inConfig(b) - inConfig(a));
  return [
    {
      id: "id",
      title: t("column.id"),
      width: "92px",
      usual: true,
      sortable: true,
      cell: (task) => <span class="tabular muted">{task.id}</span>,
    },
    ...data.map((column, place) => dataColumn(column.id, types.get(column.id) ?? column.type, place < 3)),
    ...countedColumns(people),
  ];
}

function dataColumn(key: string, type: string, usual: boolean): TaskColumn {
  const isImage = type === "Image";
  return {
    id: `data.${key}`,
    title: key,
    width: isImage ? "minmax(220px, 1fr)" : "minmax(160px, 1.5fr)",
    usual,
    sortable: true,
    cell: (task) => <DataCell value={task.data[key]} type={type} name={key} />,
  };
}

function countedColumns(people: () => ReadonlyMap<number, UserRef>): TaskColumn[] {
  const number = (
    id: string,
    title: string,
    usual: boolean,
    value: (task: ListedTask) => number | null,
  ): TaskColumn => ({
    id,
    title,
    width: "112px",
    align: "end",
    usual,
    sortable: true,
    cell: (task) => <span class="tabular">{shownNumber(value(task))}</span>,
  });
  const date = (
    id: string,
    title: string,
    usual: boolean,
    value: (task: ListedTask) => string | null,
  ): TaskColumn => ({
    id,
    title,
    width: "140px",
    usual,
    sortable: true,
    cell: (task) => <When iso={value(task)} />,
  });
  return [
    {
      id: "state",
      title: t("column.state"),
      width: "120px",
      usual: true,
      sortable: true,
      cell: (task) => <State task={task} />,
    },
    number("total_annotations", t("column.annotations"), true, (task) => task.total_annotations),
    number("cancelled_annotations", t("column.skips"), false, (task) => task.cancelled_annotations),
    number("total_predictions", t("column.predictions"), false, (task) => task.total_predictions),
    {
      id: "annotators",
      title: t("column.annotators"),
      width: "120px",
      usual: true,
      cell: (task) => <People ids={task.annotators} people={people()} />,
    },
    {
      id: "assigned",
      title: say("assigned.column"),
      width: "120px",
      usual: false,
      sortable: true,
      cell: (task) => <People ids={task.assigned ?? []} people={people()} />,
    },
    date("updated_at", t("column.updated"), true, (task) => task.updated_at),
    date("completed_at", t("column.completed"), false, (task) => task.completed_at),
    date("created_at", t("column.created"), false, (task) => task.created_at),
    number("avg_lead_time", t("column.leadTime"), false, (task) => task.avg_lead_time),
    number("inner_id", t("column.innerId"), false, (task) => task.inner_id),
  ];
}

function State(props: { task: ListedTask }): JSX.Element {
  const counted = () => stateOf(props.task);
  const name = () => (standsElsewhere(props.task) ? stateName(props.task.state) : t(`state.${counted()}`));
  return <Badge tone={standsElsewhere(props.task) ? "accent" : tones[counted()]}>{name()}</Badge>;
}

const shownNumber = (value: number | null): string =>
  value === null ? "" : formatNumber(Math.round(value * 10) / 10);

function DataCell(props: { value: unknown; type: string; name: string }): JSX.Element {
  const text = () => shownValue(props.value);
  return (
    <Switch fallback={<span dir="auto">{text()}</span>}>
      <Match when={props.type === "Image" && isAddress(text())}>
        <span class="cell-media">
          <Thumbnail url={text()} alt={fileName(text())} />
          <span class="cell-file">{fileName(text())}</span>
        </span>
      </Match>
      <Match when={mediaIcons[props.type]}>
        {(icon) => (
          <span class="cell-media">
            <Icon name={icon()} />
            <span class="cell-file">{fileName(text())}</span>
          </span>
        )}
      </Match>
    </Switch>
  );
}

const isAddress = (text: string): boolean => /^(https?:|\/|data:image\/)/.test(text);

function People(props: { ids: ListedTask["annotators"]; people: ReadonlyMap<number, UserRef> }) {
  const known = () =>
    props.ids.map(
      (id) =>
        props.people.get(id) ?? { id, first_name: "", last_name: "", email: `#${id}`, initials: `${id}` },
    );
  return (
    <span class="cell-people">
      <For each={known().slice(0, 4)}>{(person) => <Avatar person={person} />}</For>
      <Show when={known().length > 4}>
        <span class="muted">+{known().length - 4}</span>
      </Show>
    </span>
  );
}

function When(props: { iso: string | null }) {
  return (
    <Show when={props.iso}>
      {(iso) => (
        <time class="muted" dateTime={iso()} title={formatDate(iso())}>
          {formatAgo(iso())}
        </time>
      )}
    </Show>
  );
}
