/** All catalogues: those of the pages, each in a folder `words` beside what says it, and the frame's own. */
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";
import ar from "./ar";
import de from "./de";
import { en } from "./en";
import { enPages } from "./enPages";
import es from "./es";
import { holes, type Message } from "./messages";
import zh from "./zh";

type Words = Record<string, Message>;

const others = ["de", "es", "zh", "ar"] as const;
const english = import.meta.glob<Words>("/src/**/words/en.ts", { import: "en", eager: true });
const translated = import.meta.glob<Words>("/src/**/words/{de,es,zh,ar}.ts", {
  import: "default",
  eager: true,
});
const sources = import.meta.glob<string>(["/src/**/*.{ts,tsx}", "!/src/**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const folders = Object.keys(english).map(dirname);

interface Catalogue {
  readonly english: Words;
  readonly others: Readonly<Record<string, Words | undefined>>;
}

const catalogues: Record<string, Catalogue> = {
  frame: { english: { ...en, ...enPages }, others: { de, es, zh, ar } },
  ...Object.fromEntries(
    folders.map((folder) => [
      folder.replace("/src/", ""),
      {
        english: english[`${folder}/en.ts`] ?? {},
        others: Object.fromEntries(others.map((locale) => [locale, translated[`${folder}/${locale}.ts`]])),
      },
    ]),
  ),
};

/** What some languages call as English does, and what is written on the key itself. */
const shared: Record<string, readonly string[]> = {
  "pages/label/beside/words": ["keyEnter", "region"],
  "pages/audit/words": ["person", "kind.annotation", "kind.label", "kind.upload"],
  "pages/settings/words": ["workflow.way"],
};
/** Catalogues of hundreds of sentences, with names and loans among them: at most this share is as in English. */
const loans: Record<string, number> = { frame: 1 / 10, "pages/label/words": 1 / 20 };

it("finds every catalogue there is", () => {
  expect(folders.length).toBeGreaterThanOrEqual(8);
  const made = Object.entries(sources).filter(([, code]) => /= wordsOf</.test(code));
  expect(made.map(([path]) => dirname(path)).sort()).toEqual([...folders].sort());
});

describe.each(Object.entries(catalogues))("the words of %s", (name, { english: own, others: spoken }) => {
  const keys = Object.keys(own);

  it.each(others)("are all there in %s, and no others", (locale) => {
    expect(Object.keys(spoken[locale] ?? {}).sort()).toEqual([...keys].sort());
  });

  it.each(others)("fill the same holes in %s", (locale) => {
    const holesOf = (words: Words | undefined, key: string) => holes(words?.[key] ?? "").join();
    expect(keys.filter((key) => holesOf(spoken[locale], key) !== holesOf(own, key))).toEqual([]);
  });

  it.each(others)("have a form for each plural that is made in %s", (locale) => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const lacking = keys.filter((key) => {
      const message = spoken[locale]?.[key] ?? "";
      return typeof message !== "string" && wanted.some((category) => message[category] === undefined);
    });
    expect(lacking).toEqual([]);
  });

  it.each(others)("are translated into %s", (locale) => {
    const same = keys.filter((key) => JSON.stringify(spoken[locale]?.[key]) === JSON.stringify(own[key]));
    const share = loans[name];
    if (share) expect(same.length).toBeLessThan(keys.length * share);
    else expect(same.filter((key) => !shared[name]?.includes(key))).toEqual([]);
  });
});

/** What names sentences of a catalogue for others to say. */
const named: Record<string, RegExp> = {
  "/src/pages/playground/words": /^\/src\/config\/(validate|xml)\.ts$/,
};

describe.each(folders)("the words in %s", (folder) => {
  const keys = Object.keys(english[`${folder}/en.ts`] ?? {}).filter((key) => !key.startsWith("tag."));
  /** Whether a file takes its words from this folder. */
  const speaks = ([path, code]: [string, string]) =>
    named[folder]?.test(path) ||
    [...code.matchAll(/from "(\.[^"]*\/words)"/g)].some(
      ([, from]) => join(dirname(path), from ?? "") === folder,
    );
  const code = Object.entries(sources)
    .filter(speaks)
    .map(([, text]) => text)
    .join("\n");

  it("are each said somewhere", () => {
    const said = (key: string) =>
      code.includes(`"${key}"`) || code.includes(`say(\`${key.slice(0, key.indexOf("."))}.\${`);
    expect(keys.filter((key) => !said(key))).toEqual([]);
  });
});
