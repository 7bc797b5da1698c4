import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holes } from "../../../../app/i18n/messages";
import ar from "./ar";
import de from "./de";
import { en } from "./en";
import es from "./es";
import zh from "./zh";

const keys = Object.keys(en) as (keyof typeof en)[];

describe.each(Object.entries({ de, es, zh, ar }))("the words of relations in %s", (_, words) => {
  it("are those of the English ones, with the same holes, and translated", () => {
    expect(Object.keys(words).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => holes(words[key]).join() !== holes(en[key]).join())).toEqual([]);
    expect(keys.filter((key) => words[key] === en[key])).toEqual([]);
  });
});

it("every sentence is said somewhere", () => {
  const folder = join(import.meta.dirname, "..");
  const files = readdirSync(folder).filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."));
  const all = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  expect(keys.filter((key) => !all.includes(`"${key}"`))).toEqual([]);
});
