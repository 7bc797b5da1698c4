import { describe, expect, it } from "vitest";
import { match, rank } from "./match";

describe("match", () => {
  it.each([
    ["rev", "Review sentiment"],
    ["sent", "Review sentiment"],
    ["np", "New project"],
    ["uber", "Über alles"],
    ["", "anything"],
  ])("finds %j in %j", (query, text) => expect(match(query, text)).not.toBeNull());

  it.each([
    ["xyz", "Review"],
    ["weiver", "Review"],
    ["eie", "Review"],
  ])("does not find %j in %j", (query, text) => expect(match(query, text)).toBeNull());
});

describe("rank", () => {
  it("puts beginnings before word starts before middles, and keeps the order of equals", () => {
    const names = ["Stop exporting", "Export", "Re-export", "Unexported", "Export all"];

    expect(rank("export", names, (name) => name)).toEqual([
      "Export",
      "Export all",
      "Stop exporting",
      "Re-export",
      "Unexported",
    ]);
  });
});
