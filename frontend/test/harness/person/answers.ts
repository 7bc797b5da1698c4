/** How answers are given: choices, trees, texts, stars, numbers, dates, pairs and ranks. */
import type { Locator } from "playwright-core";
import type { ResultItem } from "../../../src/api/types";
import { readFlag, readText, readWords } from "../../../src/config/attributes";
import type { TagNode } from "../../../src/config/tree";
import type { Hand, Person } from "./person";
import { marked } from "./regions";

const told = <T>(item: ResultItem, key: string) => item.value?.[key] as T;

/** The path of a choice, whether stored as a path or as its last step. */
const pathOf = (stored: string | readonly string[]) => (typeof stored === "string" ? [stored] : stored);

const choices: Hand = async (person, item, control) => {
  const place = person.place(control.name ?? "");
  for (const stored of told<(string | string[])[]>(item, "choices")) {
    const title = person.title(control, pathOf(stored).at(-1) ?? "");
    if (readText(control, "layout") === "select") {
      // The first letters of an entry go to it.
      await place.locator("select").focus();
      await person.page.keyboard.type(title);
      await person.page.keyboard.press("Tab");
    } else await place.getByText(title, { exact: true }).click();
  }
};

const taxonomy: Hand = async (person, item, control) => {
  const place = person.place(control.name ?? "");
  for (const path of told<string[][]>(item, "taxonomy")) {
    const titles = path.map((step) => person.title(control, step));
    for (const title of titles.slice(0, -1)) {
      const row = treeRow(place, title);
      if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(".taxonomy-twist").click();
    }
    const row = treeRow(place, titles.at(-1) ?? "");
    if ((await row.getAttribute("aria-selected")) !== "true") await row.click();
  }
  if (readFlag(control, "labeling")) await marked(person, item, control);
};

const treeRow = (place: Locator, title: string) => place.getByRole("treeitem", { name: title }).first();

const textarea: Hand = async (person, item, control) => {
  const field = person
    .place(control.name ?? "")
    .locator("textarea")
    .last();
  const single = readText(control, "maxSubmissions") === "1";
  for (const text of told<string[]>(item, "text")) {
    await field.click();
    await person.page.keyboard.press("Control+a");
    await person.page.keyboard.insertText(text);
    await person.page.keyboard.press(single ? "Tab" : "Enter");
  }
  if (!single) await person.page.keyboard.press("Tab");
};

const rating: Hand = async (person, item, control) => {
  const stars = person.place(control.name ?? "").locator(".rating-star");
  await stars.nth(told<number>(item, "rating") - 1).click();
};

const number: Hand = async (person, item, control) => {
  await person
    .place(control.name ?? "")
    .locator("input")
    .click();
  await person.page.keyboard.press("Control+a");
  await person.page.keyboard.type(String(told<number>(item, "number")));
  await person.page.keyboard.press("Tab");
};

/** What is typed into a field of the browser in American order: month, day, year, hour, minute, half of the day. */
const datetime: Hand = async (person, item, control) => {
  const only = readWords(control, "only");
  const [year = "", month = "", day = "", hour = "0", minute = ""] = told<string>(item, "datetime").split(
    /[-T:. ]/,
  );
  const half = [String(Number(hour) % 12 || 12).padStart(2, "0"), minute, Number(hour) < 12 ? "AM" : "PM"];
  const parts = only.length === 1 && only[0] === "date" ? [month, day, year] : [month, day, year, ...half];
  await person
    .place(control.name ?? "")
    .locator("input")
    .focus();
  for (const part of parts) {
    await person.page.keyboard.type(part);
    // A year may have six digits: it does not go on by itself.
    if (part === year) await person.page.keyboard.press("ArrowRight");
  }
  await person.page.keyboard.press("Tab");
};

/** The better object itself is clicked, beside what it shows. */
const pairwise: Hand = async (person, item, control) => {
  const side = told<string>(item, "selected") === "left" ? 0 : 1;
  await person.place(control.toNames[side]?.trim() ?? "").click();
};

/** Cards are moved with the arrow keys, column by column, from the top. */
const ranker: Hand = async (person, item, control) => {
  const place = person.place(control.name ?? "");
  const columns = columnKeys(control);
  const wanted = told<Record<string, string[]>>(item, "ranker");
  for (const [column, ids] of Object.entries(wanted)) {
    for (const [index, id] of ids.entries())
      await moveCard(person, place, id, columns.indexOf(column), index);
  }
};

function columnKeys(control: TagNode): string[] {
  const buckets = control.children.filter((child) => child.type === "Bucket");
  if (!buckets.length) return [control.name ?? ""];
  const names = buckets.map((bucket) => bucket.name ?? "");
  return buckets.some((bucket) => bucket.attributes.get("default") === "true") ? names : ["_", ...names];
}

async function moveCard(person: Person, place: Locator, id: string, column: number, index: number) {
  const card = place.locator(`.ranker-card[data-id="${id}"]`);
  const where = () =>
    card.evaluate((node) => {
      const own = node.closest(".ranker-column");
      const all = [...(own?.parentElement?.querySelectorAll(".ranker-column") ?? [])];
      return [all.indexOf(own as Element), [...(own?.querySelectorAll(".ranker-card") ?? [])].indexOf(node)];
    });
  for (let steps = 0; steps < 20; steps++) {
    const [at = 0, row = 0] = await where();
    if (at === column && row === index) return;
    await card.focus();
    if (at !== column) await person.page.keyboard.press(at < column ? "ArrowRight" : "ArrowLeft");
    else await person.page.keyboard.press(row > index ? "ArrowUp" : "ArrowDown");
  }
  throw new Error(`the card ${id} does not get to its place`);
}

export const answers: readonly (readonly [string, Hand])[] = [
  ["Choices", choices],
  ["Taxonomy", taxonomy],
  ["TextArea", textarea],
  ["Rating", rating],
  ["Number", number],
  ["DateTime", datetime],
  ["Pairwise", pairwise],
  ["Ranker", ranker],
];
