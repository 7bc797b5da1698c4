/** Nothing is lost: two tabs on one task, and two minutes without a connection. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const config = `<View>
  <Text name="text" value="$text"/>
  <Choices name="tone" toName="text"><Choice value="Calm"/><Choice value="Excited"/></Choices>
  <Choices name="kind" toName="text"><Choice value="Prose"/><Choice value="Verse"/></Choices>
  <TextArea name="note" toName="text"/>
</View>`;

const queue = new LabelingQueue(config, [{ text: "A first text." }, { text: "A second text." }]);
const other = new LabelingQueue(config, [{ text: "A third text." }], 71, 7101);
const stored = other.store(7101, { result: [], lead_time: 1, unique_id: "u" });

const answer = (page: Page, name: string) => page.getByRole("radio", { name }).check();
const answers = (result: readonly { from_name?: string; value?: unknown }[] | undefined) =>
  Object.fromEntries((result ?? []).map((item) => [item.from_name, Object.values(item.value as object)[0]]));

describeInBrowser(
  "nothing is lost",
  (stage) => {
    it("of two tabs' work on one annotation: the second update is merged with the first", async () => {
      const one = await stage.open("/projects/71/data/7101");
      const two = await one.context().newPage();
      two.setDefaultTimeout(20_000);
      await two.goto(one.url());
      await answer(two, "Verse");
      await answer(one, "Calm");
      await one.keyboard.press("Control+Enter");
      await expect.poll(() => other.find(stored.id)?.version).toBe(2);
      await two.bringToFront();
      await two.keyboard.press("Control+Enter");
      await expect.poll(() => other.find(stored.id)?.version).toBe(3);

      expect(answers(other.find(stored.id)?.result)).toEqual({ tone: ["Calm"], kind: ["Verse"] });
      expect(stage.problems).toEqual([]);
    });

    it("of two tabs' work on a new annotation: each is sent, and the later tab goes on with the next task", async () => {
      const one = await stage.open(`/projects/${queue.id}/label`);
      const two = await one.context().newPage();
      two.setDefaultTimeout(20_000);
      await two.goto(one.url());
      await answer(one, "Calm");
      await answer(two, "Excited");
      await one.bringToFront();
      await one.keyboard.press("Control+Enter");
      await one.getByText("#7002").waitFor();
      await two.bringToFront();
      await two.keyboard.press("Control+Enter");
      await two.getByText("#7002").waitFor();

      expect(queue.sent.map(({ task, input }) => [task, answers(input.result).tone])).toEqual([
        [7001, ["Calm"]],
        [7001, ["Excited"]],
      ]);
      expect(stage.problems).toEqual([]);
      await one.context().close();
    });

    it("of two minutes' work without a connection, a reload in the middle of them, and a submit", async () => {
      const page = await stage.open(`/projects/${queue.id}/label`);
      await page.bringToFront(); // a page behind others is not drawn, and what is not drawn cannot be clicked
      await page.getByText("#7002").waitFor();
      // The clock is put on by hand: what waits for time to pass gets it, what waits for the network does not.
      await page.clock.install();
      await page.context().setOffline(true);
      await answer(page, "Calm");
      await page.clock.runFor(30_000);
      await answer(page, "Prose");
      await page.clock.runFor(90_000);
      await page.getByText("Offline: 2 changes kept on this device").waitFor();
      expect([...queue.drafts.values()].filter((draft) => draft.task === 7002)).toEqual([]);

      // The tab is killed before the connection is back.
      const again = await page.context().newPage();
      again.setDefaultTimeout(20_000);
      await page.close();
      await again.context().setOffline(false);
      await again.goto(`${stage.server.url}/projects/${queue.id}/label`);
      await again.bringToFront();
      await again.getByRole("radio", { name: "Prose" }).waitFor();
      await expect.poll(() => again.getByRole("radio", { name: "Calm" }).isChecked()).toBe(true);
      expect(await again.getByRole("radio", { name: "Prose" }).isChecked()).toBe(true);

      await again.context().setOffline(true);
      await answer(again, "Verse");
      await again.keyboard.press("Control+Enter");
      await again.getByText("Offline: will be sent when the connection is back").waitFor();
      await again.context().setOffline(false);
      await expect.poll(() => queue.sent.length).toBe(3);

      expect(answers(queue.sent[2]?.input.result)).toEqual({ tone: ["Calm"], kind: ["Verse"] });
    });
  },
  { routes: { ...queue.routes(), ...other.routes(), ...shared() } },
);

/** Both queues answer at the same paths: the project and the number say whose it is. */
function shared() {
  const [mine, theirs] = [queue.routes(), other.routes()];
  const drafts = {
    "POST /api/tasks/:id/annotations/:annotation/drafts": theirs["POST /api/tasks/:id/drafts"],
  };
  const owned = ["GET /api/tasks/:id", "POST /api/tasks/:id/drafts", "POST /api/tasks/:id/annotations"];
  const byTask = owned.map((route) => [
    route,
    (request: { params: Record<string, string> }, api: never) => {
      const routes = Number(request.params.id) >= 7100 ? theirs : mine;
      return routes[route]?.(request as never, api);
    },
  ]);
  const draft = "PATCH /api/drafts/:id";
  return {
    ...Object.fromEntries(byTask),
    ...drafts,
    [draft]: (request: { params: Record<string, string> }, api: never) => {
      const routes = queue.drafts.has(Number(request.params.id)) ? mine : theirs;
      return routes[draft]?.(request as never, api);
    },
  };
}
