import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { payloads } from "../test/harness/payloads";
import { documentApart, passMarkup, passScript } from "./trust";

test("the markup of components passes as it is", () => {
  for (const markup of [
    "<div class=row><button type=button>",
    '<svg viewBox="0 0 24 24"><path d="M1 2"/></svg>',
  ])
    expect(passMarkup(markup)).toBe(markup);
});

test("markup that runs something is refused", () => {
  const passing = payloads.filter((payload) => payload.includes("<") && passMarkup(payload) !== null);
  expect(passing).toEqual([]);
});

test("scripts come from our own origin alone", () => {
  const page = "https://label.example/projects/1";
  expect(passScript("/assets/paint.js", page)).toBe("/assets/paint.js");
  for (const url of ["https://evil.example/x.js", "//evil.example/x.js", "data:text/javascript,1"])
    expect(passScript(url, page)).toBeNull();
});

test("without Trusted Types a document apart is its text", () => {
  expect(documentApart("<p>x")).toBe("<p>x");
});

test("the content policy names the policies that there are, and no other", () => {
  const policy = JSON.parse(readFileSync("../infrastructure/content_policy.json", "utf8"));
  expect(policy["trusted-types"]).toBe("default apart");
  expect(policy["require-trusted-types-for"]).toBe("'script'");
  expect(policy["script-src"]).toBe("'self'");
});
