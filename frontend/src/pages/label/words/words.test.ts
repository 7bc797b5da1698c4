import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holes, type Message } from "../../../app/i18n/messages";
import { english } from "../../../tags/_contract/english";
import ar from "./ar";
import de from "./de";
import { en } from "./en";
import es from "./es";
import zh from "./zh";

const keys = Object.keys(en) as (keyof typeof en)[];

describe.each(Object.entries({ de, es, zh, ar }))("the labeling screen's words in %s", (locale, words) => {
  it("are those of the English ones, with the same holes", () => {
    expect(Object.keys(words).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => holes(words[key]).join() !== holes(en[key]).join())).toEqual([]);
  });

  it("have a form for each plural the language makes", () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const lacking = keys.filter((key) => {
      const message: Message = words[key];
      return typeof message !== "string" && wanted.some((category) => message[category] === undefined);
    });
    expect(lacking).toEqual([]);
  });

  it("are translated", () => {
    const same = keys.filter((key) => JSON.stringify(words[key]) === JSON.stringify(en[key]));
    expect(same.length).toBeLessThan(keys.length / 20);
  });
});

/** Words in the code itself: in a tag, in an attribute that people read, or said to them. */
const bare = [
  /(?<!=)>\s*[A-Z][a-z]+[^<>{}=;()]*</g,
  /(?:label|title|placeholder|description|hint)="[A-Z][^"]*"/g,
  /(?:announce|setProblem|ApiError)\(\s*["`][A-Z]/g,
  /title: "[A-Z]/g,
];

describe("the code of the labeling screen", () => {
  const folder = join(import.meta.dirname, "..");
  const files = readdirSync(folder).filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."));

  it.each(files)("%s has no words of its own", (name) => {
    const code = readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(bare.flatMap((pattern) => code.match(pattern) ?? [])).toEqual([]);
  });

  it("uses every sentence there is", () => {
    const all = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    const own = keys.filter((key) => !key.startsWith("tag."));
    expect(own.filter((key) => !all.includes(`"${key}"`))).toEqual([]);
  });
});

const canvasFolder = join(import.meta.dirname, "../../../canvas");
const canvas = new Map(
  (readdirSync(canvasFolder, { recursive: true }) as string[])
    .filter((name) => name.endsWith(".ts") && !name.includes(".test.") && name !== "words.ts")
    .map((name) => [name, readFileSync(join(canvasFolder, name), "utf8")]),
);

it("the code of the canvas says nothing in a language of its own", () => {
  const said = /(?:announce|stage\.message)\(\s*(?:`|"[^"])/g;
  expect([...canvas].filter(([, text]) => said.test(text)).map(([name]) => name)).toEqual([]);
  expect(canvas.size).toBeGreaterThan(40);
});

describe("the code of the tags", () => {
  const folder = join(import.meta.dirname, "../../../tags");
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter(
    (name) => name.endsWith(".tsx") && !name.includes(".test."),
  );
  const code = (name: string) => readFileSync(join(folder, name), "utf8");

  it.each(files)("%s has no words of its own", (name) => {
    const plain = code(name).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(bare.flatMap((pattern) => plain.match(pattern) ?? [])).toEqual([]);
  });

  it("says every sentence there is", () => {
    const named = (readdirSync(folder, { recursive: true }) as string[]).filter(
      (name) => /\.tsx?$/.test(name) && !name.includes(".test.") && !name.endsWith("english.ts"),
    );
    const all = [...named.map(code), ...canvas.values()].join("\n");
    expect(Object.keys(english).filter((key) => !all.includes(`"${key}"`))).toEqual([]);
  });
});
