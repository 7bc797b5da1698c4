import { describe, expect, it } from "vitest";
import { fits, grantable } from "./members";

const user = { id: 1, first_name: "Ann", last_name: "Lee", email: "ann@lab.test" };

describe("the roles that somebody may give", () => {
  it("are their own and those with fewer rights", () => {
    expect(grantable("owner")).toHaveLength(6);
    expect(grantable("manager")).toEqual(["manager", "reviewer", "annotator", "viewer"]);
    expect(grantable(undefined)).toEqual([]);
  });
});

describe("searching members", () => {
  it("finds by name and by address, whatever the case", () => {
    expect([fits({ user }, "LEE"), fits({ user }, " lab.test "), fits({ user }, "")]).toEqual([
      true,
      true,
      true,
    ]);
    expect(fits({ user }, "bob")).toBe(false);
  });
});
