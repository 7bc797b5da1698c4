import { describe, expect, it } from "vitest";
import { fill, language } from "./messages";

describe("a message", () => {
  it("is filled with values, numbers as the language writes them", () => {
    expect(fill("{done} of {total}", { done: 1234, total: 5000 }, language("de"))).toBe("1.234 of 5.000");
  });

  it("takes the plural the language wants", () => {
    const message = { one: "{count} задача", few: "{count} задачи", many: "{count} задач", other: "?" };
    const say = (count: number) => fill(message, { count }, language("ru"));

    expect([say(1), say(3), say(5)]).toEqual(["1 задача", "3 задачи", "5 задач"]);
  });

  it("keeps names apart from what is written from right to left", () => {
    expect(fill("بواسطة {name}، {at}", { name: "Ada", at: "1/2" }, language("ar"))).toBe(
      "بواسطة \u2068Ada\u2069، \u20681/2\u2069",
    );
  });

  it("falls back to `other`, and leaves a hole nobody filled to be seen", () => {
    expect(fill({ other: "{count} of {name}" }, { count: 1 }, language("en"))).toBe("1 of {name}");
  });
});
