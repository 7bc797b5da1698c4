import { describe, expect, it } from "vitest";
import { safePath } from "./place";

describe("the way back after signing in", () => {
  it.each(["/projects/3/data?page=2", "/account"])("leads to %j", (path) =>
    expect(safePath(path)).toBe(path),
  );

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "",
    undefined,
  ])("never leads to %j", (path) => expect(safePath(path)).toBe("/projects"));
});
