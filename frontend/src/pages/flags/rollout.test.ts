import { describe, expect, it } from "vitest";
import type { Flag } from "../../api/types";
import { bodyOf, formOf } from "./rollout";

const flag: Flag = {
  name: "f",
  about: "",
  owner: "us",
  expires: null,
  stays: "",
  values: [true, false],
  default: false,
  in_browser: true,
  state: "rules",
  rules: [
    { value: true, percentage: 12.5, organizations: [1, 2], begins: "2026-12-01T10:30:00Z" },
    { value: false, percentage: 100 },
  ],
  version: 3,
  seen: {},
};

describe("the form of a rollout", () => {
  it("gives back what it was made of, and keeps the further rules", () => {
    expect(bodyOf(formOf(flag), flag)).toEqual({
      state: "rules",
      rules: [
        {
          value: true,
          percentage: 12.5,
          organizations: [1, 2],
          users: [],
          begins: "2026-12-01T10:30:00.000Z",
          ends: null,
        },
        { value: false, percentage: 100 },
      ],
    });
  });

  it("makes a first rule where there is none: yes, or the newest variant", () => {
    const fresh = { ...flag, state: "default" as const, rules: [] };
    const form = { ...formOf(fresh), state: "rules" as const, percentage: "10", users: "3; 4" };
    expect(bodyOf(form, fresh).rules).toEqual([
      { value: true, percentage: 10, organizations: [], users: [3, 4], begins: null, ends: null },
    ]);
    expect(bodyOf(form, { ...fresh, values: ["old", "new"] }).rules[0]?.value).toBe("new");
  });

  it("keeps the rules while a flag is on or off, and drops them for the default", () => {
    expect(bodyOf({ ...formOf(flag), state: "off" }, flag)).toEqual({ state: "off", rules: flag.rules });
    expect(bodyOf({ ...formOf(flag), state: "default" }, flag)).toEqual({ state: "rules", rules: [] });
  });
});
