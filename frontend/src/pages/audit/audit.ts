/** What the audit log is asked, and what a record says in a sentence. */
import type { AuditChange, AuditQuery, AuditRecord } from "../../api/types";
import { say } from "./words";

const names = {
  task: "kind.task",
  annotation: "kind.annotation",
  comment: "kind.comment",
  prediction: "kind.prediction",
  project: "kind.project",
  user: "kind.user",
  membership: "kind.membership",
  group: "kind.group",
  invitation: "kind.invitation",
  "personal token": "kind.personaltoken",
  session: "kind.session",
  view: "kind.view",
  upload: "kind.upload",
  export: "kind.export",
  label: "kind.label",
  flag: "kind.flag",
  job: "kind.job",
} as const;

type Kind = keyof typeof names;
export const kinds = Object.keys(names) as Kind[];

const verbs = { created: "verb.created", updated: "verb.updated", deleted: "verb.deleted" } as const;

/** What the form holds: texts as they were typed. */
export interface AuditForm {
  kind: string;
  id: string;
  user: string;
  operation: string;
  since: string;
  until: string;
}

export const everything: AuditForm = { kind: "", id: "", user: "", operation: "", since: "", until: "" };

/** The form as the API wants it; what was left empty is left out. Days are the reader's own. */
export function queryOf(form: AuditForm): AuditQuery {
  const query: AuditQuery = {};
  if (form.kind) query.kind = form.kind;
  if (form.id.trim()) query.id = form.id.trim();
  if (form.user.trim()) query.user = Number(form.user);
  if (form.operation.trim()) query.operation = form.operation.trim();
  if (form.since) query.since = new Date(`${form.since}T00:00`).toISOString();
  if (form.until) query.until = new Date(`${form.until}T24:00`).toISOString();
  return query;
}

/** The name of a kind in the reader's language; a kind that a newer server has keeps its own. */
export function kindName(kind: string): string {
  return Object.hasOwn(names, kind) ? say(names[kind as Kind]) : kind;
}

export function verbName(verb: AuditChange["verb"]): string {
  return say(verbs[verb]);
}

/** Who did it: the address, the number of somebody who is gone, or nobody. */
export function actorName(record: AuditRecord): string {
  if (record.email) return record.email;
  return record.user === null ? say("nobody") : say("person", { id: record.user });
}
