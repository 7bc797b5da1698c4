/** Whose tasks the table shows: everybody's, those of one person, those that are assigned to nobody. */
import { createMemo } from "solid-js";
import type { UserRef } from "../../api/types";
import { personName } from "../../ui/Avatar";
import { Select } from "../../ui/Select";
import { say } from "./words";

/** The list takes an empty value for no choice, and would show none. */
const everybody = "*";

export function AssignedFilter(props: {
  people: ReadonlyMap<number, UserRef>;
  /** A person's number, `nobody`, or nothing for all tasks. */
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const options = createMemo(() => [
    { value: everybody, label: say("assigned.anybody") },
    { value: "nobody", label: say("assigned.nobody") },
    ...[...props.people.values()].map((person) => ({
      value: `${person.id}`,
      label: say("assigned.to", { name: personName(person) }),
    })),
  ]);
  return (
    <Select
      label={say("assigned.column")}
      labelHidden
      options={options()}
      value={props.value ?? everybody}
      onChange={(value) => props.onChange(value === everybody ? null : value)}
    />
  );
}
