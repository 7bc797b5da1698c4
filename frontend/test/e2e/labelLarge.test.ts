/** Ten thousand regions on one task: what is counted is what the page holds, not how long it takes. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const SPANS = 10_000;
const line =
  "Ada Lovelace met Charles Babbage in London, and so on and on until the line of the text is full enough.\n";
const text = line.repeat(SPANS);
const result = Array.from({ length: SPANS }, (_, index) => ({
  id: `r${index}`,
  from_name: "ner",
  to_name: "text",
  type: "labels",
  value: {
    start: index * line.length,
    end: index * line.length + 12,
    labels: [index % 2 ? "Person" : "Place"],
  },
}));

/** Nodes of the whole page, lists of regions included: they do not follow the number of regions. */
const MOST_NODES = 1_500;
const nodesOf = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

const queue = new LabelingQueue(
  `<View><Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/></Labels><Text name="text" value="$text"/></View>`,
  [{ text }, { text: "short" }],
);
queue.predictions.set(7001, [{ id: 5, result, model_version: "tagger", score: 0.5 }]);

describeInBrowser(
  "ten thousand spans in a megabyte of text",
  (stage) => {
    it("are all there, with few nodes, and sent as they came", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.getByText("tagger").waitFor();
      const start = Date.now();
      await page.getByRole("button", { name: "Start from it" }).click();
      await page.getByRole("row", { name: /Place/ }).first().waitFor();
      console.log(`10,000 spans accepted and drawn in ${Date.now() - start} ms`);
      expect(text.length).toBeGreaterThan(1_000_000);
      expect(await page.locator(".regions h2").textContent()).toContain("10000");
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);
      const painted = await page.evaluate(() =>
        [...CSS.highlights.values()].reduce((sum, one) => sum + one.size, 0),
      );
      expect(painted).toBe(SPANS);

      await page.getByRole("treegrid").focus();
      await page.keyboard.press("End");
      await page.getByRole("row", { selected: true }).waitFor();
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);
      await page.keyboard.press("Delete");
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      const sent = queue.sent[0]?.input.result ?? [];
      expect(sent.length).toBe(SPANS - 1);
      expect(sent[17]).toEqual({ ...result[17], origin: "prediction" });
      expect(queue.sent[0]?.input.parent_prediction).toBe(5);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: queue.routes() },
);

/** Some hundred relations among them, from each to one a few lines further down. */
const relations = Array.from({ length: 400 }, (_, index) => ({
  type: "relation",
  from_id: `r${index * 25}`,
  to_id: `r${index * 25 + 3}`,
  direction: "right",
}));
const related = new LabelingQueue(queue.config, [{ text }], 72, 7201);
related.predictions.set(7201, [
  { id: 7, result: [...result, ...relations], model_version: "linker", score: 0.5 },
]);

describeInBrowser(
  "hundreds of relations in a megabyte of text",
  (stage) => {
    it("show the arrows in sight alone, with few nodes, wherever one scrolls", async () => {
      const page = await stage.open(`/projects/${related.id}/label`);
      await page.getByText("linker").waitFor();
      await page.getByRole("button", { name: "Start from it" }).click();
      await page.getByRole("heading", { name: "Relations 400" }).waitFor();
      const arrows = () =>
        page.evaluate(
          () =>
            document.querySelector(".arrows-many .arrow-line")?.getAttribute("d")?.match(/M/g)?.length ?? 0,
        );
      await expect.poll(arrows).toBeGreaterThan(0);
      expect(await arrows()).toBeLessThan(12);
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);
      const first = await page.locator(".relation-row").first().textContent();

      await page.getByRole("listbox", { name: "Relations" }).focus();
      await page.keyboard.press("End");
      await page.getByRole("option", { selected: true }).waitFor();
      expect(await page.getByRole("option", { selected: true }).textContent()).not.toBe(first);
      await page.locator(".label-scroll").evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
      await expect.poll(arrows).toBeGreaterThan(0);
      expect(await arrows()).toBeLessThan(12);
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);
      await page.keyboard.press("Delete");
      await page.getByRole("heading", { name: "Relations 399" }).waitFor();
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: related.routes() },
);

const pictures = new LabelingQueue(
  `<View><RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
   <Image name="img" value="$image"/></View>`,
  [{ image: "/data/media/1.png" }],
  71,
  7101,
);
const boxes = Array.from({ length: SPANS }, (_, index) => ({
  id: `b${index}`,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 480,
  original_height: 320,
  image_rotation: 0,
  value: {
    ...{ x: (index % 100) * 0.98, y: Math.floor(index / 100) * 0.98, width: 0.7, height: 0.7, rotation: 0 },
    rectanglelabels: [index % 2 ? "Car" : "Tree"],
  },
}));
pictures.predictions.set(7101, [{ id: 6, result: boxes, model_version: "detector", score: 0.5 }]);

describeInBrowser(
  "ten thousand boxes on a picture",
  (stage) => {
    it("are all there, with few nodes, before and after one is chosen and deleted", async () => {
      const page = await stage.open(`/projects/${pictures.id}/label`);
      await page.getByText("detector").waitFor();
      await page.getByRole("button", { name: "Start from it" }).click();
      await page.getByRole("row", { name: /Tree/ }).first().waitFor();
      expect(await page.locator(".regions h2").textContent()).toContain("10000");
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);

      await page.getByRole("treegrid").focus();
      await page.keyboard.press("End");
      await page.getByRole("row", { selected: true }).waitFor();
      await page.keyboard.press("Delete");
      await expect.poll(() => page.locator(".regions h2").textContent()).toContain("9999");
      expect(await nodesOf(page)).toBeLessThan(MOST_NODES);
      expect(stage.problems).toEqual([]);
    });
  },
  {
    routes: {
      ...pictures.routes(),
      "GET /data/media/:name": () => ({
        headers: { "Content-Type": "image/png" },
        body: landscape(1, 480, 320),
      }),
    },
  },
);
