import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMarkdown } from "./parse";

test("the usual blocks and marks", () => {
  expect(
    parseMarkdown("# Title\nSome **bold** and `a*b*`.\n\n- one\n- *two*\n\n```\ncode < here\n```\n> said"),
  ).toEqual([
    { kind: "heading", level: 1, inside: [{ kind: "text", text: "Title" }] },
    {
      kind: "paragraph",
      inside: [
        { kind: "text", text: "Some " },
        { kind: "strong", inside: [{ kind: "text", text: "bold" }] },
        { kind: "text", text: " and " },
        { kind: "code", text: "a*b*" },
        { kind: "text", text: "." },
      ],
    },
    {
      kind: "list",
      ordered: false,
      items: [[{ kind: "text", text: "one" }], [{ kind: "em", inside: [{ kind: "text", text: "two" }] }]],
    },
    { kind: "code", text: "code < here" },
    { kind: "quote", inside: [{ kind: "text", text: "said" }] },
  ]);
});

test("a link that is no page stays text", () => {
  expect(parseMarkdown("[x](javascript:alert)")).toEqual([
    { kind: "paragraph", inside: [{ kind: "text", text: "[x](javascript:alert)" }] },
  ]);
});

test("no text makes it fail, and letters are never lost", () => {
  const letters = (value: unknown): string => (typeof value === "string" ? value.replace(/\P{L}/gu, "") : "");
  const collect = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(collect).join("");
    if (typeof value !== "object" || value === null) return "";
    const { text, inside, items } = value as Record<string, unknown>;
    return letters(text) + collect(inside) + collect(items);
  };
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "*", "_", "`", "#", " ", "\n", "-", "[", "]", "(", ">") }),
      (text) => {
        const blocks = parseMarkdown(text);
        if (!text.includes("```") && !text.includes("](")) expect(collect(blocks)).toBe(letters(text));
      },
    ),
  );
});
