/** A long text with many spans: what is counted is what the page holds, not how long it takes. */
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const SPANS = 10_000;
const line = "Ada Lovelace met Charles Babbage in London, and so on and on until the line is full enough.\n";
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

const queue = new LabelingQueue(
  `<View><Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/></Labels><Text name="text" value="$text"/></View>`,
  [{ text }, { text: "short" }],
);
queue.predictions.set(7001, [{ id: 5, result, model_version: "tagger", score: 0.5 }]);

describeInBrowser(
  "ten thousand spans in 900 KB of text",
  (stage) => {
    it("are all there, with few nodes, and sent as they came", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.getByText("tagger").waitFor();
      const start = Date.now();
      await page.getByRole("button", { name: "Start from it" }).click();
      await page.getByRole("row", { name: /Place/ }).first().waitFor();
      console.log(`10,000 spans accepted and drawn in ${Date.now() - start} ms`);
      expect(await page.locator(".regions h2").textContent()).toContain("10000");
      expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(1_500);
      const painted = await page.evaluate(() =>
        [...CSS.highlights.values()].reduce((sum, one) => sum + one.size, 0),
      );
      expect(painted).toBe(SPANS);

      await page.getByRole("treegrid").focus();
      await page.keyboard.press("End");
      await page.getByRole("row", { selected: true }).waitFor();
      expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(1_500);
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
