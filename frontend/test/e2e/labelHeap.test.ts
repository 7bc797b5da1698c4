/** Task after task in one sitting: what the page holds must be what one task needs, however many went before. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { type Held, heapOf } from "../harness/heap";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const TASKS = 200;
/** Tasks until everything that is fetched and kept once is there. */
const WARM = 40;

const text = "Ada Lovelace met Charles Babbage in London.\n".repeat(10);
const queue = new LabelingQueue(
  `<View>
    <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
    <Image name="img" value="$image"/>
    <Labels name="ner" toName="text"><Label value="Person"/></Labels>
    <Text name="text" value="$text"/>
    <Choices name="tone" toName="text"><Choice value="Calm"/><Choice value="Excited"/></Choices>
    <TextArea name="note" toName="text"/>
  </View>`,
  Array.from({ length: TASKS + 2 }, (_, index) => ({ image: `/data/media/${index % 9}.png?${index}`, text })),
);

/** Twelve boxes, six spans, and relations of each and of both on every task, as a draft that was begun before. */
function results(task: number) {
  const box = (index: number) => ({
    id: `b${task}-${index}`,
    from_name: "box",
    to_name: "img",
    type: "rectanglelabels",
    original_width: 480,
    original_height: 320,
    image_rotation: 0,
    value: { x: index * 4, y: index * 3, width: 6, height: 6, rotation: 0, rectanglelabels: ["Car"] },
  });
  const span = (index: number) => ({
    id: `s${task}-${index}`,
    from_name: "ner",
    to_name: "text",
    type: "labels",
    value: { start: index * 44, end: index * 44 + 12, labels: ["Person"], text: "Ada Lovelace" },
  });
  const relation = (from: string, to: string) => ({
    type: "relation",
    from_id: from,
    to_id: to,
    direction: "bi",
  });
  return [
    ...Array.from({ length: 12 }, (_, i) => box(i)),
    ...Array.from({ length: 6 }, (_, i) => span(i)),
    relation(`b${task}-0`, `b${task}-9`),
    relation(`s${task}-0`, `s${task}-1`),
    relation(`b${task}-3`, `s${task}-2`),
  ];
}
queue.data.forEach((_, index) => {
  const task = queue.firstTask + index;
  const draft = { id: task, task, result: results(task), annotation: null, user: "ada@example.com" };
  queue.drafts.set(task, draft as never);
});

const picture = landscape(1, 480, 320);

/** Submits until a task is open; in the page, since asking it from outside costs more than the work. */
function labelUntil(page: Page, last: number): Promise<void> {
  return page.evaluate(async (wanted) => {
    const open = () => Number(document.querySelector(".label-task")?.textContent?.slice(1) ?? 0);
    const soon = () => new Promise((done) => setTimeout(done, 4));
    for (let task = open(); task < wanted; task = open()) {
      while (!document.querySelector(".sl-stage") || !document.querySelector('[role="row"]')) await soon();
      // A region is looked at, as people do: it brings handles and details.
      if (task % 10 === 5) document.querySelector<HTMLElement>('[role="row"]')?.click();
      const key = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new KeyboardEvent("keydown", key));
      while (open() === task) await soon();
    }
  }, last);
}

describeInBrowser(
  "two hundred tasks in one sitting",
  (stage) => {
    it("leave no nodes, listeners or memory behind", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.getByRole("row", { name: /Car/ }).first().waitFor();
      const count = await heapOf(page);
      const seen: Held[] = [];
      for (const done of [WARM, (WARM + TASKS) / 2, TASKS]) {
        await labelUntil(page, queue.firstTask + done);
        await page.getByRole("row", { name: /Car/ }).first().waitFor();
        seen.push(await count());
      }
      console.info(seen);

      const [first, ...later] = seen as [Held, ...Held[]];
      expect(queue.sent.length).toBe(TASKS);
      for (const one of later) {
        expect(one.nodes).toBeLessThanOrEqual(first.nodes + 60);
        expect(one.listeners).toBeLessThanOrEqual(first.listeners + 10);
        expect(one.documents).toBe(first.documents);
        expect(one.heapMb).toBeLessThanOrEqual(first.heapMb + 2);
      }
      expect(stage.problems).toEqual([]);
    }, 300_000);
  },
  {
    routes: {
      ...queue.routes(),
      "GET /data/media/:name": () => ({ headers: { "Content-Type": "image/png" }, body: picture }),
    },
  },
);
