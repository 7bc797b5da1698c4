/** Looking ahead: the next task's picture is fetched once, in the history and in the queue, without a lease. */
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <Choices name="kind" toName="img"><Choice value="Lake"/><Choice value="Hill"/></Choices>
  <Image name="img" value="$image"/>
</View>`;
const queue = new LabelingQueue(
  config,
  [1, 2, 3, 4].map((n) => ({ image: `/data/media/${n}.png` })),
);
for (const [index, task] of [7001, 7002, 7003].entries()) {
  const input = { result: [], lead_time: 1, unique_id: `u${index}` };
  queue.sent.push({ task, input });
  queue.history.push({ taskId: task, annotationId: queue.store(task, input).id });
}
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": ({ params }: { params: Record<string, string> }) => ({
    headers: { "Content-Type": "image/png", "Cache-Control": "max-age=600" },
    body: landscape(Number(params.name?.[0]), 240, 160),
  }),
};

describeInBrowser(
  "looking ahead",
  (stage) => {
    const count = (call: string) => stage.server.api.calls.filter((one) => one === call).length;

    it("fetches one task and one picture in the direction one goes, and none of the queue", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.getByText("#7004").waitFor();
      await page.waitForTimeout(1_500);
      expect(count("GET /api/projects/70/next/")).toBe(1);
      expect(count("GET /data/media/3.png")).toBe(0);

      await page.keyboard.press("Alt+ArrowLeft");
      await page.getByText("#7003").waitFor();
      await expect.poll(() => count("GET /data/media/2.png")).toBe(1);
      expect(count("GET /api/tasks/7002/")).toBe(1);
      await page.waitForTimeout(1_500);
      expect(count("GET /data/media/1.png")).toBe(0);

      // The task is asked for anew, its picture is here.
      await page.keyboard.press("Alt+ArrowLeft");
      await page.getByText("#7002").waitFor();
      await expect.poll(() => count("GET /data/media/1.png")).toBe(1);
      expect(count("GET /data/media/2.png")).toBe(1);
      expect(count("GET /api/tasks/7002/")).toBe(2);
      await page.keyboard.press("Alt+ArrowRight");
      await page.getByText("#7003").waitFor();
      await page.waitForTimeout(1_500);
      expect(count("GET /api/tasks/7003/")).toBe(2);
      expect(count("GET /api/projects/70/next/")).toBe(1);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes },
);

const stream = new LabelingQueue(
  config,
  [1, 2, 3].map((n) => ({ image: `/data/media/${n}.png` })),
  71,
  7101,
);

describeInBrowser(
  "looking ahead in the queue",
  (stage) => {
    const count = (call: string) => stage.server.api.calls.filter((one) => one === call).length;

    it("has the next picture here before one submits, and leases nothing for it", async () => {
      const page = await stage.open(`/projects/${stream.id}/label`);
      await page.getByText("#7101").waitFor();
      await expect.poll(() => count("GET /data/media/2.png")).toBe(1);
      expect(count("GET /api/projects/71/next/ahead/")).toBe(1);
      expect(count("GET /api/projects/71/next/")).toBe(1);
      expect(count("GET /data/media/3.png")).toBe(0);

      await page.getByRole("radio", { name: "Lake" }).check();
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7102").waitFor();
      await expect.poll(() => count("GET /data/media/3.png")).toBe(1);
      expect(count("GET /data/media/2.png")).toBe(1);

      await page.getByRole("radio", { name: "Hill" }).check();
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7103").waitFor();
      await page.waitForTimeout(1_500);
      expect([1, 2, 3].map((n) => count(`GET /data/media/${n}.png`))).toEqual([1, 1, 1]);
      expect(count("GET /api/projects/71/next/")).toBe(1);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: { ...routes, ...stream.routes() } },
);
