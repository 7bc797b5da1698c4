import { describe, expect, it } from "vitest";
import ar from "./ar";
import de from "./de";
import { en as frame } from "./en";
import { enPages } from "./enPages";
import es from "./es";
import { fill, holes, language, type Message } from "./messages";
import zh from "./zh";

const en = { ...frame, ...enPages };

describe("a message", () => {
  it("is filled with values, numbers as the language writes them", () => {
    expect(fill("{done} of {total}", { done: 1234, total: 5000 }, language("de"))).toBe("1.234 of 5.000");
  });

  it("takes the plural the language wants", () => {
    const message = { one: "{count} задача", few: "{count} задачи", many: "{count} задач", other: "?" };
    const say = (count: number) => fill(message, { count }, language("ru"));

    expect([say(1), say(3), say(5)]).toEqual(["1 задача", "3 задачи", "5 задач"]);
  });

  it("falls back to `other`, and leaves a hole nobody filled to be seen", () => {
    expect(fill({ other: "{count} of {name}" }, { count: 1 }, language("en"))).toBe("1 of {name}");
  });
});

describe.each(Object.entries({ de, es, zh, ar }))("the catalogue %s", (locale, catalogue) => {
  const keys = Object.keys(en) as (keyof typeof en)[];

  it("has every key of the English one and no other", () => {
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
  });

  it("fills the same holes", () => {
    const different = keys.filter((key) => holes(catalogue[key]).join() !== holes(en[key]).join());

    expect(different).toEqual([]);
  });

  it("has a form for each plural the language makes", () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const lacking = keys.filter((key) => {
      const message: Message = catalogue[key];
      return typeof message !== "string" && wanted.some((category) => message[category] === undefined);
    });

    expect(lacking).toEqual([]);
  });

  it("is translated", () => {
    // Words that are the same in both languages, as names and loans are.
    const same = keys.filter((key) => JSON.stringify(catalogue[key]) === JSON.stringify(en[key]));

    expect(same.length).toBeLessThan(keys.length / 10);
  });
});
