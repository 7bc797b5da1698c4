/** What one's role in a project allows, so that nobody is offered what the server would refuse. */
import { useQuery } from "@tanstack/solid-query";
import { accessQuery } from "../api/queries";
import { type RoleName, roleNames } from "../api/types";

/** The least role for each, as in `docs/roles.md`. */
const least = {
  label: "annotator",
  export: "reviewer",
  manage: "manager",
} as const satisfies Record<string, RoleName>;

export type Right = keyof typeof least;

/** Whether a role is enough for something. */
export const allows = (role: RoleName, right: Right): boolean =>
  roleNames.indexOf(role) <= roleNames.indexOf(least[right]);

/**
 * Until the role is known, and where it cannot be asked for, the answer is yes: the server has the last word.
 * What must not come and go before one's eyes waits for the role, with `meanwhile` false.
 */
export function useRights(project: () => number): (right: Right, meanwhile?: boolean) => boolean {
  const access = useQuery(() => ({ ...accessQuery(project()), retry: false }));
  return (right, meanwhile = true) =>
    access.isSuccess ? allows(access.data.your_role, right) : access.isError || meanwhile;
}
