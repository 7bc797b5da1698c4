/** What the screen knows about roles and people, without a view. */
import { type RoleName, roleNames, type UserRef } from "../../api/types";
import { personName } from "../../ui/Avatar";

/** The roles that somebody may give: none with more rights than their own. */
export function grantable(own: RoleName | undefined): RoleName[] {
  return own ? roleNames.slice(roleNames.indexOf(own)) : [];
}

/** Whether the search names the member, by name or address. */
export function fits(member: { user: Omit<UserRef, "avatar"> }, search: string): boolean {
  const wanted = search.trim().toLocaleLowerCase();
  const words = `${personName(member.user)} ${member.user.email}`.toLocaleLowerCase();
  return words.includes(wanted);
}
