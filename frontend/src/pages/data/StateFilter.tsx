/** Which state of the project's workflow the shown tasks stand in. */
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { workflowQuery } from "../../api/queries";
import { formatNumber, t } from "../../app/i18n";
import { stateName } from "../../app/workflow";
import { Select } from "../../ui/Select";

const every = "*";

/** `state` is null for every one. Says nothing where the workflow cannot be read. */
export function StateFilter(props: {
  project: number;
  state: string | null;
  onChange: (state: string | null) => void;
}) {
  const workflow = useQuery(() => ({ ...workflowQuery(props.project), retry: false }));
  const options = () => {
    if (!workflow.isSuccess) return [];
    const { workflow: machine, tasks } = workflow.data;
    return machine.states.map(({ name, title }) => ({
      value: name,
      label: `${stateName(name, title)} (${formatNumber(tasks[name] ?? 0)})`,
    }));
  };
  return (
    <Show when={options().length > 0}>
      <div class="tools-state">
        <Select
          label={t("column.state")}
          labelHidden
          options={[{ value: every, label: `${t("column.state")}: ${t("data.show.all")}` }, ...options()]}
          value={props.state ?? every}
          onChange={(state) => props.onChange(state === every ? null : state)}
        />
      </div>
    </Show>
  );
}
