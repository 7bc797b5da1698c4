/** A tree of a hundred thousand choices: from the task's data, and branch by branch from a server. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const GROUPS = 1_000;
const tree = Array.from({ length: GROUPS }, (_, group) => ({
  value: `Group ${group}`,
  children: Array.from({ length: 99 }, (__, item) => ({
    value: `Item ${group}.${item}`,
    alias: `${group}-${item}`,
  })),
}));

const listed = new LabelingQueue(
  `<View><Text name="text" value="$text"/><Taxonomy name="kind" toName="text" value="$tree" showFullPath="true"/></View>`,
  [
    { text: "One", tree },
    { text: "Two", tree: [] },
  ],
);

/** Rows in the page, wherever one is and whatever is open. */
const MOST_ROWS = 24;
const rowsOf = (page: Page) => page.locator(".taxonomy-row").count();
const active = (page: Page) => page.locator(".taxonomy-row[data-active]").textContent();

describeInBrowser(
  "a tree of 100,000 choices in the task's data",
  (stage) => {
    it("is opened, searched and chosen from by keyboard, with few nodes", async () => {
      const page = await stage.open("/account");
      await page.addInitScript(() => {
        const look = () => {
          if (document.querySelector(".taxonomy-row") === null) requestAnimationFrame(look);
          else Object.assign(window, { shownAt: performance.now() });
        };
        look();
      });
      await page.goto(`${stage.server.url}/projects/${listed.id}/label`);
      const field = page.getByRole("combobox", { name: "kind" });
      await field.focus();
      const opened = await page.evaluate(() => {
        const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
        const task = entries.find(({ name }) => name.includes("/next"));
        return (window as unknown as { shownAt: number }).shownAt - (task?.responseEnd ?? 0);
      });
      console.info(`100,000 choices open ${opened.toFixed(0)} ms after the last byte of the task`);
      expect(await rowsOf(page)).toBeLessThanOrEqual(MOST_ROWS);
      expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(600);

      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(await active(page)).toContain("Item 1.0");
      for (let press = 0; press < 20; press += 1) await page.keyboard.press("PageDown");
      // 180 rows further: past the 99 items of Group 1.
      expect(await active(page)).toContain("Group 83");
      expect(await rowsOf(page)).toBeLessThanOrEqual(MOST_ROWS);
      await page.locator(".taxonomy-row[data-active]").waitFor({ state: "visible" });

      const times = await page.evaluate(async () => {
        const input = document.querySelector<HTMLInputElement>(".taxonomy input") as HTMLInputElement;
        const start = performance.now();
        input.value = "item 500.9";
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const searched = performance.now() - start;
        await new Promise(requestAnimationFrame);
        return { searched };
      });
      console.info(`100,000 choices searched in ${times.searched.toFixed(1)} ms`);
      // The group, and those of its items that begin with 9.
      expect(await rowsOf(page)).toBe(1 + 10);
      await field.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("listitem").getByText("Group 500 / Item 500.90").waitFor();
      await shoot(page, "taxonomy-searched");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      expect(listed.sent[0]?.input.result?.map(({ value }) => value)).toEqual([
        { taxonomy: [["Group 500", "500-90"]] },
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: listed.routes() },
);

const remote = new LabelingQueue(
  `<View><Text name="text" value="$text"/><Taxonomy name="kind" toName="text" apiUrl="/data/tree" leafsOnly="true"/></View>`,
  [{ text: "One" }, { text: "Two" }],
  72,
  7201,
);
const asked: string[][] = [];
let refused = 0;

describeInBrowser(
  "a tree that a server gives branch by branch",
  (stage) => {
    it("asks for a branch when it is opened, once, and again after it was refused", async () => {
      const page = await stage.open(`/projects/${remote.id}/label`);
      await page.getByRole("treeitem", { name: "Branch 0", exact: true }).waitFor();
      expect(asked).toEqual([[]]);
      await page.getByRole("combobox", { name: "kind" }).focus();
      await page.keyboard.press("PageDown");
      await page.keyboard.press("ArrowRight");
      await page.getByRole("treeitem", { name: "Leaf 9.0" }).waitFor();
      expect(asked).toEqual([[], ["Branch 9"]]);
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("treeitem", { name: "Leaf 9.0" }).waitFor({ state: "detached" });
      await page.keyboard.press("ArrowRight");
      await page.getByRole("treeitem", { name: "Leaf 9.0" }).waitFor();
      expect(asked.length).toBe(2);

      refused = 1;
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowRight");
      await page
        .getByRole("alert")
        .getByText(/could not be loaded|tree/i)
        .waitFor();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("treeitem", { name: "Leaf 8.0" }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("listitem").getByText("Leaf 8.0").waitFor();
      expect(await rowsOf(page)).toBeLessThanOrEqual(MOST_ROWS);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7202").waitFor();

      expect(remote.sent[0]?.input.result?.map(({ value }) => value)).toEqual([
        { taxonomy: [["Branch 8", "Leaf 8.0"]] },
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  {
    routes: {
      ...remote.routes(),
      "GET /data/tree": ({ query }) => {
        const path = query.getAll("path");
        asked.push(path);
        if (path.length > 0 && refused-- > 0) return { status: 503 };
        if (path.length === 0)
          return {
            body: Array.from({ length: 2_000 }, (_, at) => ({ value: `Branch ${at}`, isLeaf: false })),
          };
        const of = path[0]?.split(" ")[1];
        return { body: { items: Array.from({ length: 50 }, (_, at) => ({ value: `Leaf ${of}.${at}` })) } };
      },
    },
  },
);
