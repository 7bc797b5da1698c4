/** The choices that narrow the table down: whose tasks, and in which state. Fetched when the table is there. */
import type { UserRef } from "../../api/types";
import { AssignedFilter } from "./AssignedFilter";
import { StateFilter } from "./StateFilter";
import { forOf, stateOf, type ViewParams } from "./view";

export default function Narrow(props: {
  project: number;
  people: ReadonlyMap<number, UserRef>;
  params: ViewParams;
  onChange: (change: Record<string, string | null>) => void;
}) {
  return (
    <>
      <AssignedFilter
        people={props.people}
        value={forOf(props.params)}
        onChange={(value) => props.onChange({ for: value })}
      />
      <StateFilter
        project={props.project}
        state={stateOf(props.params)}
        onChange={(state) => props.onChange({ state })}
      />
    </>
  );
}
