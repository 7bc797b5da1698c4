/** The table with its tools: what is shown, what is ticked, and what can be done with it. */
import { createMemo, createSignal, lazy, Show, Suspense } from "solid-js";
import { taskPageSize } from "../../api/queries";
import type { Column, ListedTask, Project, UserRef } from "../../api/types";
import { useCommands } from "../../app/commands";
import { formatNumber, t } from "../../app/i18n";
import { useRights } from "../../app/rights";
import { Button } from "../../ui/Button";
import { Grid } from "../../ui/Grid";
import { Failed } from "../../ui/Loaded";
import { Segmented } from "../../ui/Segmented";
import { ColumnPicker, useColumns } from "./columnChoice";
import type { TaskColumn } from "./columns";
import { DeleteTasks } from "./DeleteTasks";
import { NoTasks, Waiting } from "./NoTasks";
import { count, everything, has, nothing, type Selection, withTasks } from "./selection";
import { tableCommands } from "./tableCommands";
import { createTaskWindow, pageAt } from "./taskWindow";
import { isFiltered, pageOf, showOf, shows, sortOf, sortParam, taskView, type ViewParams } from "./view";
import { say } from "./words";

const Narrow = lazy(() => import("./Narrow"));
const AssignTasks = lazy(() => import("./AssignTasks"));
const ReviewLink = lazy(() => import("../review/ReviewLink"));
const ExportDialog = lazy(() => import("./ExportDialog"));
const ImportDialog = lazy(() => import("./ImportDialog"));

export interface DataTableProps {
  project: Project;
  columns: readonly Column[];
  people: () => ReadonlyMap<number, UserRef>;
  params: ViewParams;
  setParams: (change: Record<string, string | null>, how?: { replace?: boolean }) => void;
  /** Opens one task, or the queue when there is none named. */
  onLabel: (task: number | null) => void;
}

export function DataTable(props: DataTableProps) {
  const view = createMemo(() => taskView(props.project.id, props.params), undefined, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  const tasks = createTaskWindow(view, () => pageOf(props.params));
  const [selection, setSelection] = createSignal<Selection>(nothing);
  const [active, setActive] = createSignal((pageOf(props.params) - 1) * taskPageSize);
  const [inSight, setInSight] = createSignal<readonly [number, number]>([0, 0]);
  const [deleting, setDeleting] = createSignal(false);
  const [assigning, setAssigning] = createSignal(false);
  const total = () => tasks.total() ?? 0;
  const ticked = () => count(selection(), total());
  const columns = useColumns(props);
  const may = useRights(() => props.project.id);

  const arrange = (params: Record<string, string | null>) => {
    setActive(0);
    props.setParams({ page: null, ...params });
  };
  const change = (params: Record<string, string | null>) => {
    setSelection(nothing);
    arrange(params);
  };
  const onRange = (first: number, last: number) => {
    setInSight([first, last]);
    tasks.show(first, last);
    const page = pageAt(first);
    if (page !== pageOf(props.params))
      props.setParams({ page: page > 1 ? `${page}` : null }, { replace: true });
  };
  const select = (from: number, to: number, on: boolean) => {
    const places = Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => Math.min(from, to) + i);
    const ids = places.flatMap((place) => tasks.row(place)?.id ?? []);
    setSelection((now) => withTasks(now, ids, on));
  };
  const open = (index: number) => {
    const task = tasks.row(index);
    if (task) props.onLabel(task.id);
  };
  const openDialog = (dialog: string | null) => props.setParams({ dialog });

  useCommands(() =>
    tableCommands({
      may,
      isTicked: ticked() > 0,
      label: () => props.onLabel(null),
      import: () => openDialog("import"),
      export: () => openDialog("export"),
      tickAll: () => setSelection(everything),
      tickNone: () => setSelection(nothing),
      assign: () => setAssigning(true),
      delete: () => setDeleting(true),
    }),
  );

  const tick: TaskColumn = {
    id: "tick",
    title: t("data.selectAll"),
    width: "44px",
    usual: true,
    head: () => (
      <input
        type="checkbox"
        aria-label={t("data.selectAll")}
        checked={total() > 0 && ticked() === total()}
        prop:indeterminate={ticked() > 0 && ticked() < total()}
        onChange={(event) => setSelection(event.currentTarget.checked ? everything : nothing)}
      />
    ),
    cell: (task: ListedTask) => (
      <input
        type="checkbox"
        tabindex="-1"
        aria-label={t("data.selectTask", { id: `${task.id}` })}
        checked={has(selection(), task.id)}
        onChange={(event) => setSelection((now) => withTasks(now, [task.id], event.currentTarget.checked))}
      />
    ),
  };

  /** Once opened it stays: uploads go on while it is closed. */
  const importing = createMemo(
    (before: boolean) => before || (may("manage", false) && props.params.dialog === "import"),
    false,
  );

  return (
    <>
      <div class="tools">
        <Show
          when={ticked() > 0}
          fallback={
            <>
              <Segmented
                label={t("data.show")}
                options={shows.map((value) => ({ value, label: t(`data.show.${value}`) }))}
                value={showOf(props.params)}
                onChange={(value) => change({ show: value === "all" ? null : value })}
              />
              <Suspense>
                <Narrow
                  project={props.project.id}
                  people={props.people()}
                  params={props.params}
                  onChange={change}
                />
              </Suspense>
            </>
          }
        >
          <strong role="status" class="tools-ticked">
            {t("data.selected", { count: ticked() })}
          </strong>
          <Show when={may("manage")}>
            <Button size="small" icon="users" onClick={() => setAssigning(true)}>
              {say("assigned.action")}
            </Button>
            <Button size="small" icon="trash-2" onClick={() => setDeleting(true)}>
              {t("data.delete")}
            </Button>
          </Show>
          <Button size="small" look="quiet" icon="x" onClick={() => setSelection(nothing)}>
            {t("data.selectNone")}
          </Button>
        </Show>
        <span class="tools-space" />
        <ColumnPicker all={columns.all()} shown={columns.names()} onChange={columns.choose} />
        <Show when={may("manage")}>
          <Button icon="upload" look="quiet" onClick={() => openDialog("import")}>
            {t("data.import")}
          </Button>
        </Show>
        <Show when={may("export")}>
          <Button icon="download" look="quiet" onClick={() => openDialog("export")}>
            {t("data.export")}
          </Button>
        </Show>
        <Suspense>
          <ReviewLink project={props.project.id} />
        </Suspense>
        <Show when={may("label")}>
          <Button icon="play" look="primary" disabled={total() === 0} onClick={() => props.onLabel(null)}>
            {t("data.labelAll")}
          </Button>
        </Show>
      </div>
      <Show when={tasks.error()}>
        {(error) => <Failed message={error().message} onRetry={tasks.retry} />}
      </Show>
      <Show when={tasks.total() !== null} fallback={<Waiting failed={tasks.error() !== null} />}>
        <Show
          when={total() > 0}
          fallback={
            <NoTasks
              filtered={isFiltered(props.params)}
              mayImport={may("manage")}
              onImport={() => openDialog("import")}
              onShowAll={() => change({ show: null, for: null, state: null })}
            />
          }
        >
          <Grid
            label={t("data.title")}
            columns={[tick, ...columns.shown()]}
            count={total()}
            row={tasks.row}
            rowHeight={48}
            sort={sortOf(props.params)}
            onSort={(sort) => arrange({ sort: sortParam(sort) })}
            active={active()}
            onActive={setActive}
            onOpen={open}
            isSelected={(index) => {
              const task = tasks.row(index);
              return task !== undefined && has(selection(), task.id);
            }}
            onSelect={select}
            onRange={onRange}
          />
          <footer class="data-foot tabular">
            {t("data.range", {
              first: inSight()[0] + 1,
              last: Math.min(total(), inSight()[1] + 1),
              shown: formatNumber(total()),
              count: total(),
            })}
          </footer>
        </Show>
      </Show>
      <Show when={importing()}>
        <Suspense>
          <ImportDialog
            open={props.params.dialog === "import"}
            project={props.project}
            onClose={() => openDialog(null)}
          />
        </Suspense>
      </Show>
      <Show when={may("export", false) && props.params.dialog === "export"}>
        <Suspense>
          <ExportDialog project={props.project} onClose={() => openDialog(null)} />
        </Suspense>
      </Show>
      <Show when={assigning()}>
        <Suspense>
          <AssignTasks
            view={view()}
            selection={selection()}
            count={ticked()}
            onClose={() => setAssigning(false)}
            onAssigned={() => setSelection(nothing)}
          />
        </Suspense>
      </Show>
      <DeleteTasks
        open={deleting()}
        view={view()}
        selection={selection()}
        count={ticked()}
        onClose={() => setDeleting(false)}
        onDeleted={() => setSelection(nothing)}
      />
    </>
  );
}
