import { describe, expect, it } from "vitest";
import type { AuditRecord } from "../../api/types";
import { actorName, everything, kindName, kinds, queryOf } from "./audit";

describe("the question to the audit log", () => {
  it("leaves out what is empty", () => {
    expect(queryOf({ ...everything, id: "  ", user: " 7 " })).toEqual({ user: 7 });
  });

  it("takes whole days, the last one included", () => {
    const query = queryOf({ ...everything, since: "2026-03-04", until: "2026-03-04" });
    expect(Date.parse(query.until ?? "") - Date.parse(query.since ?? "")).toBe(24 * 3600 * 1000);
  });
});

it("every kind has a name, and an unknown one its own", () => {
  for (const kind of kinds) expect(kindName(kind)).not.toContain("audit.");
  expect(kindName("storage")).toBe("storage");
});

it("somebody who is gone is named by number", () => {
  const record = { email: "", user: 12 } as AuditRecord;
  expect(actorName(record)).toContain("12");
  expect(actorName({ ...record, user: null })).not.toContain("12");
});
