/** What stands in the place of the table: while it is fetched, and where there is no task to show. */
import { Show } from "solid-js";
import { t } from "../../app/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Late, Skeleton } from "../../ui/Loaded";

export function Waiting(props: { failed: boolean }) {
  return (
    <Show when={!props.failed}>
      <Late>
        <Skeleton lines={10} height={28} />
      </Late>
    </Show>
  );
}

export function NoTasks(props: {
  filtered: boolean;
  mayImport: boolean;
  onImport: () => void;
  onShowAll: () => void;
}) {
  return (
    <Show
      when={props.filtered}
      fallback={
        <EmptyState
          icon="upload"
          title={t("data.empty")}
          actions={
            <Show when={props.mayImport}>
              <Button look="primary" icon="upload" onClick={props.onImport}>
                {t("data.import")}
              </Button>
            </Show>
          }
        >
          {props.mayImport ? t("data.emptyHint") : null}
        </EmptyState>
      }
    >
      <EmptyState
        icon="search"
        title={t("data.noneMatch")}
        actions={<Button onClick={props.onShowAll}>{t("data.showAll")}</Button>}
      />
    </Show>
  );
}
