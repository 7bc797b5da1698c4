import { expect, it } from "vitest";
import { roleNames } from "../api/types";
import { allows } from "./rights";

it("gives each role what the server gives it", () => {
  const given = roleNames.map((role) =>
    (["label", "export", "manage"] as const).filter((right) => allows(role, right)).join(" "),
  );

  expect(given).toEqual([
    "label export manage",
    "label export manage",
    "label export manage",
    "label export",
    "label",
    "",
  ]);
});
