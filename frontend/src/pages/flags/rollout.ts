/** What the form knows of a rollout, without a view. */
import type { Flag, FlagRule, FlagState } from "../../api/types";

/** The fields of the form. The first rule alone can be edited here; further ones are kept as they are. */
export interface RolloutForm {
  state: FlagState;
  percentage: string;
  organizations: string;
  users: string;
  begins: string;
  ends: string;
}

export function formOf(flag: Flag): RolloutForm {
  const rule = flag.rules[0];
  return {
    state: flag.state,
    percentage: String(rule?.percentage ?? 100),
    organizations: (rule?.organizations ?? []).join(", "),
    users: (rule?.users ?? []).join(", "),
    begins: localMoment(rule?.begins),
    ends: localMoment(rule?.ends),
  };
}

/** The body that the form asks for. What cannot be read is sent as it is, for the server to name. */
export function bodyOf(form: RolloutForm, flag: Flag): { state: "off" | "on" | "rules"; rules: FlagRule[] } {
  if (form.state === "default") return { state: "rules", rules: [] };
  if (form.state !== "rules") return { state: form.state, rules: flag.rules };
  const [first, ...others] = flag.rules;
  const rule: FlagRule = {
    value:
      flag.values[flag.values.length === 2 && flag.values[0] === true ? 0 : flag.values.length - 1] ?? true,
    ...first,
    percentage: Number(form.percentage),
    organizations: numbers(form.organizations),
    users: numbers(form.users),
    begins: moment(form.begins),
    ends: moment(form.ends),
  };
  return { state: "rules", rules: [rule, ...others] };
}

function numbers(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
}

function moment(local: string): string | null {
  return local ? new Date(local).toISOString() : null;
}

/** A moment as the browser's field for dates and times wants it: local time, to the minute. */
function localMoment(iso: string | null | undefined): string {
  if (!iso) return "";
  const at = new Date(iso);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
