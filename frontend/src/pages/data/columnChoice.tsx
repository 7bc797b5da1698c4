/** Which columns are shown, and the menu to choose them. */
import { createMemo } from "solid-js";
import type { Column, Project, UserRef } from "../../api/types";
import { t } from "../../app/i18n";
import { readSetting, writeSetting } from "../../app/storage";
import { Menu } from "../../ui/Menu";
import { type TaskColumn, taskColumns } from "./columns";
import { columnsOf, type ViewParams } from "./view";

interface ColumnSource {
  project: Project;
  columns: readonly Column[];
  people: () => ReadonlyMap<number, UserRef>;
  params: ViewParams;
  setParams: (change: Record<string, string | null>, how?: { replace?: boolean }) => void;
}

/** Columns by the address, else by what was chosen last for this project, else the usual ones. */
export function useColumns(props: ColumnSource) {
  const setting = () => `columns.${props.project.id}`;
  const all = createMemo(() => taskColumns(props.project, props.columns, props.people));
  const names = createMemo(
    () =>
      columnsOf(props.params) ??
      columnsOf({ cols: readSetting(setting()) ?? "" }) ??
      all()
        .filter((column) => column.usual)
        .map((column) => column.id),
  );
  return {
    all,
    names,
    shown: createMemo(() => all().filter((column) => names().includes(column.id))),
    choose: (chosen: string[]) => {
      writeSetting(setting(), chosen.join(","));
      props.setParams({ cols: chosen.join(",") }, { replace: true });
    },
  };
}

export function ColumnPicker(props: {
  all: readonly TaskColumn[];
  shown: readonly string[];
  onChange: (names: string[]) => void;
}) {
  const toggle = (id: string) =>
    props.onChange(
      props.shown.includes(id) ? props.shown.filter((other) => other !== id) : [...props.shown, id],
    );
  return (
    <Menu
      button={{ icon: "columns-3", children: t("data.columns") }}
      items={props.all.map((column) => ({
        label: column.title,
        checked: props.shown.includes(column.id),
        run: () => toggle(column.id),
      }))}
    />
  );
}
