/** What people read comes out of a catalogue: no words stand in the code itself. */
import { describe, expect, it } from "vitest";
import { english } from "../../tags/_contract/english";

const sources = import.meta.glob<string>(
  ["/src/{app,canvas,pages,tags,ui}/**/*.{ts,tsx}", "!/src/**/*.test.ts", "!/src/**/words/*.ts"],
  { query: "?raw", import: "default", eager: true },
);
const code = Object.entries(sources).map(([path, text]) => [path.replace("/src/", ""), text] as const);
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

/** Words in a tag, in an attribute that people read, or said to them. */
const bare = [
  /(?<!=)>\s*[A-Z][a-z]+[^<>{}=;()]*</g,
  /(?:label|title|placeholder|description|hint)="[A-Z][^"]*"/g,
  /(?:announce|setProblem|ApiError)\(\s*["`][A-Z]/g,
  /title: "[A-Z]/g,
];

describe("the code of what is seen", () => {
  const isSeen = (path: string) => path.endsWith(".tsx") || path.startsWith("pages/");
  const seen = code.filter(([path]) => isSeen(path));

  it.each(seen)("%s has no words of its own", (_, text) => {
    expect(bare.flatMap((pattern) => withoutComments(text).match(pattern) ?? [])).toEqual([]);
  });

  it("is found", () => {
    for (const room of ["app", "pages/label", "pages/settings", "tags", "ui"])
      expect(seen.filter(([path]) => path.startsWith(`${room}/`)).length, room).toBeGreaterThan(5);
  });
});

const canvas = code.filter(([path]) => path.startsWith("canvas/") && path !== "canvas/words.ts");

it("the code of the canvas says nothing in a language of its own", () => {
  const said = /(?:announce|stage\.message)\(\s*(?:`|"[^"])/g;
  expect(canvas.filter(([, text]) => said.test(text)).map(([path]) => path)).toEqual([]);
  expect(canvas.length).toBeGreaterThan(40);
});

it("the code of the tags says every sentence there is for tags", () => {
  const tags = code.filter(([path]) => path.startsWith("tags/") && !path.endsWith("english.ts"));
  const all = [...tags, ...canvas].map(([, text]) => text).join("\n");
  expect(Object.keys(english).filter((key) => !all.includes(`"${key}"`))).toEqual([]);
});
