/**
 * Two people on the real stack: one's work reviewed by the other, commented on, compared, and changed by both at once.
 * What came of it is read back over the API. Then the same screens in German and, from right to left, in Arabic.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comment, ResultItem, Task } from "../../src/api/types";
import { browserMissing, expectAccessible, launch, shoot } from "../harness/browser";
import { type Cut, cutOff, englishLeft } from "../harness/languages";
import { administrator, join, type Member } from "../harness/members";
import { Stack, stackMissing } from "../harness/stack";

const missing = browserMissing ?? stackMissing;
const why = missing ? ` (${missing})` : "";

const config = `<View>
  <Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/><Label value="Group"/></Labels>
  <Text name="text" value="$text"/>
</View>`;
const text = "Grace Hopper worked at Harvard.";

const span = (id: string, start: number, end: number, label: string): ResultItem => ({
  id,
  from_name: "ner",
  to_name: "text",
  type: "labels",
  value: { start, end, text: text.slice(start, end), labels: [label] },
});
const hopper = span("hopper", 0, 12, "Person");
const harvard = span("harvard", 23, 30, "Person");

let stack: Stack;
let browser: Browser;
let ada: Member;
let grace: Member;
const problems: string[] = [];

beforeAll(async () => {
  if (missing) return;
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  ada = await administrator(stack, browser, problems);
  grace = await join(stack, browser, "annotator", ["Grace", "Hopper"], problems);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

/** A project with a task for each result of Grace's, each labeled by her. */
async function labeledByGrace(title: string, results: readonly (readonly ResultItem[])[]) {
  const made = await stack.project(
    title,
    config,
    results.map((_, index) => ({ text, index })),
  );
  await ada.ask("PUT", `/api/projects/${made.project}/workflow/`, { preset: "review" });
  const annotations: number[] = [];
  for (const [index, result] of results.entries()) {
    const path = `/api/tasks/${made.tasks[index]}/annotations/`;
    annotations.push((await grace.ask<{ id: number }>("POST", path, { result })).id);
  }
  return { ...made, annotations };
}

const resultOf = async (annotation: number | undefined) =>
  (await ada.ask<{ result: ResultItem[] }>("GET", `/api/annotations/${annotation}/`)).result;
const labels = (result: readonly ResultItem[]) => result.map((item) => item.value?.labels);

/** Gives the selected region another label, by its key. */
async function relabel(page: Page, row: RegExp, key: string, then: RegExp): Promise<void> {
  await page.getByRole("row", { name: row }).click();
  await page.keyboard.press(key);
  await page.getByRole("row", { name: then }).waitFor();
}

describe.skipIf(missing)(`two people${why}`, () => {
  it("label and review: accepted, fixed and accepted, returned with a reason that is seen", async () => {
    const { project, tasks, annotations } = await labeledByGrace("Review", [[hopper], [harvard], [hopper]]);
    const page = await ada.open(`/projects/${project}/review`);
    await page.getByText("3 tasks wait for a verdict").waitFor();
    await page.getByRole("row", { name: /Person/ }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText(`#${tasks[1]}`).waitFor();
    await relabel(page, /Person Harvard/, "2", /Place Harvard/);
    await page.keyboard.press("Control+Enter");
    await page.getByText(`#${tasks[2]}`).waitFor();
    await page.keyboard.press("Control+Backspace");
    await page.getByRole("textbox", { name: "Why it goes back" }).fill("Harvard is missing.");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing left to review" }).waitFor();
    await expectAccessible(page);
    await page.context().close();

    const states = tasks.map(async (id) => (await ada.ask<Task>("GET", `/api/tasks/${id}/`)).state);
    expect(await Promise.all(states)).toEqual(["accepted", "accepted", "returned"]);
    expect(labels(await resultOf(annotations[1]))).toEqual([["Place"]]);
    const back = await grace.open(`/projects/${project}/data/${tasks[2]}?annotation=${annotations[2]}`);
    await back.getByRole("note").getByText("Harvard is missing.").waitFor();
    await back.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  it("speak about a region, and settle what was said", async () => {
    const { project, tasks, annotations } = await labeledByGrace("Comments", [[hopper, harvard]]);
    const path = `/projects/${project}/data/${tasks[0]}?annotation=${annotations[0]}`;
    const page = await ada.open(path);
    await page.getByRole("row", { name: /Person Harvard/ }).click();
    await page.keyboard.press("Shift+C");
    const field = page.getByRole("textbox", { name: "Your comment: On Person" });
    await field.fill("A place, is it not?");
    await field.press("Enter");
    await page
      .getByRole("row", { name: /Harvard/ })
      .getByLabel("Comments: 1")
      .waitFor();
    await page.context().close();

    const said = () => ada.ask<Comment[]>("GET", `/api/comments/?task=${tasks[0]}`);
    expect(await said()).toMatchObject([
      {
        text: "A place, is it not?",
        region_ref: { regionId: "harvard" },
        created_by: ada.id,
        is_resolved: false,
      },
    ]);
    const reply = await grace.open(path);
    await reply
      .getByRole("row", { name: /Harvard/ })
      .getByLabel("Comments: 1")
      .waitFor();
    await reply.keyboard.press("Shift+C");
    await reply
      .getByRole("listitem")
      .filter({ hasText: "is it not?" })
      .getByRole("button", { name: "Resolve" })
      .click();
    await expect.poll(async () => (await said())[0]?.is_resolved).toBe(true);
    await reply.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  it("compare what they made", async () => {
    const { project, tasks } = await labeledByGrace("Comparison", [[hopper]]);
    await ada.ask("POST", `/api/tasks/${tasks[0]}/annotations/`, { result: [hopper, harvard] });
    const page = await ada.open(`/projects/${project}/data/${tasks[0]}`);
    await page
      .getByRole("row", { name: /Person/ })
      .first()
      .waitFor();
    await page.keyboard.press("Shift+M");
    await page.getByRole("row", { name: /Person · Grace Hopper/ }).waitFor();
    expect(await page.getByRole("row", { name: /Person · / }).count()).toBe(3);
    const panel = page.getByRole("complementary", { name: "Compare" });
    // The name was marked by both, the university by one.
    await panel.getByRole("button", { name: /0 %/ }).first().waitFor();
    expect(await panel.getByRole("button", { name: /100 %/ }).count()).toBe(2);
    await panel.getByRole("checkbox", { name: /Grace/ }).uncheck();
    await page.getByRole("row", { name: /· Grace/ }).waitFor({ state: "detached" });
    await page.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  it("change one annotation at once: what both changed is asked for, the rest is merged", async () => {
    const { project, tasks, annotations } = await labeledByGrace("Conflict", [[hopper, harvard]]);
    const [hers, mine] = await Promise.all([
      grace.open(`/projects/${project}/data/${tasks[0]}?annotation=${annotations[0]}`),
      ada.open(`/projects/${project}/review`),
    ]);
    await relabel(hers, /Person Grace Hopper/, "3", /Group Grace Hopper/);
    await relabel(mine, /Person Grace Hopper/, "2", /Place Grace Hopper/);
    await relabel(mine, /Person Harvard/, "2", /Place Harvard/);
    await hers.keyboard.press("Control+Enter");
    await expect.poll(async () => labels(await resultOf(annotations[0]))).toEqual([["Group"], ["Person"]]);
    await mine.keyboard.press("Control+Enter");
    const dialog = mine.getByRole("dialog", { name: "Changed elsewhere" });
    await dialog.getByText("Grace Hopper saved this annotation meanwhile.").waitFor();
    await dialog.getByRole("radio", { name: /Theirs/ }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await mine.getByRole("heading", { name: "Nothing left to review" }).waitFor();
    expect(labels(await resultOf(annotations[0]))).toEqual([["Group"], ["Place"]]);
    expect((await ada.ask<Task>("GET", `/api/tasks/${tasks[0]}/`)).state).toBe("accepted");
    await Promise.all([hers.context().close(), mine.context().close()]);
    expect(problems.splice(0)).toEqual([]);
  });
});

describe.skipIf(missing)(`the screens of two people in other languages${why}`, () => {
  it("speak German and Arabic, with nothing cut off", async () => {
    await Promise.all([inLanguage("de"), inLanguage("ar")]);
    expect(problems.splice(0)).toEqual([]);
  });

  async function inLanguage(locale: string): Promise<void> {
    const { project, tasks, annotations } = await labeledByGrace("Sprachen", [[hopper, harvard], [hopper]]);
    await grace.ask("POST", "/api/comments/", {
      annotation: annotations[0],
      text: "?",
      region_ref: { regionId: "harvard" },
    });
    await ada.ask("POST", `/api/tasks/${tasks[0]}/annotations/`, { result: [hopper] });
    const path = `/projects/${project}/data/${tasks[0]}?annotation=${annotations[0]}`;
    const found: Cut[] = [];
    const look = async (page: Page, name: string) => {
      await page.waitForTimeout(100);
      await shoot(page, `team-${name}-${locale}`);
      expect(await englishLeft(page), name).toEqual([]);
      found.push(...(await cutOff(page)).map((one) => ({ ...one, screen: name })));
    };

    const page = await ada.open(`/projects/${project}/review`, { settings: { locale } });
    await page.getByRole("row").first().waitFor();
    await page.keyboard.press("Control+Backspace");
    await page.locator(".verdicts-reason textarea").waitFor();
    await look(page, "review");
    await page.goto(stack.access.url + path);
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Shift+C");
    await page.locator(".beside-said").waitFor();
    await look(page, "comments");
    await page.keyboard.press("Shift+M");
    await page.getByRole("row", { name: /·/ }).first().waitFor();
    await look(page, "compare");
    await page.keyboard.press("Shift+H");
    await page.locator(".beside-list li").first().waitFor();
    await look(page, "history");
    await page.context().close();
    const hers = await grace.open(path, { settings: { locale } });
    await hers
      .getByRole("row", { name: /Harvard/ })
      .first()
      .click();
    await hers.keyboard.press("2");
    await ada.ask("PATCH", `/api/annotations/${annotations[0]}/`, { result: [hopper] });
    await hers.keyboard.press("Control+Enter");
    // Whoever saved it last is named, not whose annotation it is.
    await hers.getByRole("dialog").getByText(ada.name).first().waitFor();
    await look(hers, "conflict");
    await hers.context().close();
    expect(found).toEqual([]);
  }
});
