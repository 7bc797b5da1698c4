/** Reviewing: one task after the other, accepted, fixed and accepted, or returned with a reason; keyboard alone. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { failure } from "../harness/fakeApi";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";
import { presets } from "../harness/workflows";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
  <Image name="img" value="$image"/>
  <Choices name="tone" toName="img" showInLine="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>`;
const grace = { id: 2, first_name: "Grace", last_name: "Hopper", email: "grace@example.com", avatar: null };
const box = (x: number) => ({
  id: `r${x}`,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 480,
  original_height: 320,
  image_rotation: 0,
  value: { x, y: 20, width: 22, height: 26, rotation: 0, rectanglelabels: ["Car"] },
});

const queue = new LabelingQueue(
  config,
  [1, 2, 3, 4].map((n) => ({ image: `/data/media/${n}.png` })),
  73,
  7301,
);
for (const task of [7301, 7302, 7303, 7304]) {
  const made = queue.store(task, { result: [box(task - 7290)], unique_id: `u${task}` });
  made.completed_by = grace;
}
const moves: { task: number; name: string; reason: string }[] = [];
let refusal = "";
const waiting = () => [7301, 7302, 7303, 7304].filter((task) => !moves.some((move) => move.task === task));
const review = presets.find(({ name }) => name === "review")?.workflow;
type Call = { params: Record<string, string>; body: unknown };

const routes = {
  ...queue.routes(),
  "GET /data/media/:name": ({ params }: Call) => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(Number(params.name?.[0]), 480, 320),
  }),
  "POST /api/projects/73/review/next": ({ body }: Call) => {
    const { after } = body as { after: number };
    const left = waiting();
    const task = left.find((id) => id > after) ?? left[0] ?? null;
    return { body: { task, waiting: left.length, goes_on_after: null } };
  },
  "GET /api/projects/73/workflow": () => ({
    body: { preset: "review", workflow: review, tasks: { labeled: 4 }, is_following: false, version: 1 },
  }),
  "GET /api/fsm/entities/task/:id/transitions": () => ({
    body: [
      { name: "accept", title: "", to: "accepted", needs_reason: false },
      { name: "return", title: "", to: "returned", needs_reason: true },
      { name: "ask_another", title: "", to: "in_progress", needs_reason: false },
    ],
  }),
  "POST /api/fsm/entities/task/:id/transition": ({ params, body }: Call) => {
    const sent = body as { transition_name: string; reason: string };
    if (refusal) return failure(409, refusal, { code: "transition_refused" });
    moves.push({ task: Number(params.id), name: sent.transition_name, reason: sent.reason });
    return { body: { success: true, new_state: "accepted" } };
  },
};

describeInBrowser(
  "reviewing",
  (stage) => {
    it("says what was refused, and loses nothing", async () => {
      const page = await stage.open("/projects/73/review", { settings: { theme: "dark" } });
      await page.locator(".sl-stage").waitFor();
      refusal = "Task 7301 is accepted: somebody else was quicker.";
      await page.getByRole("button", { name: /^Accept/ }).click();
      await page.getByRole("alert").getByText("somebody else was quicker").waitFor();
      refusal = "";
      await shoot(page, "review-refused-dark");
      await expectAccessible(page);
      await page.context().close();
    });

    it("accepts, fixes and accepts, returns and leaves for later, by keyboard alone", async () => {
      const page = await stage.open("/projects/73/review", { settings: { theme: "light" } });
      await page.getByText("4 tasks wait for a verdict").waitFor();
      await page.locator(".sl-stage").waitFor();
      await shoot(page, "review-light");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7302").waitFor();
      expect(queue.updated).toEqual([]);

      // The second is fixed on the way: another annotator's region is relabeled, and the answer given.
      await page.getByRole("row", { name: /Car/ }).click();
      await page.getByRole("button", { name: /^Tree/ }).click();
      await page.getByRole("row", { name: /Tree/ }).waitFor();
      await page.getByRole("button", { name: /Fix and accept/ }).waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7303").waitFor();
      expect(queue.updated.map(({ id, match }) => [id, match])).toEqual([[902, '"1"']]);
      expect(queue.find(902)?.result[0]?.value?.rectanglelabels).toEqual(["Tree"]);

      await page.keyboard.press("Control+Backspace");
      await page.getByRole("textbox", { name: "Why it goes back" }).waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
      await page.keyboard.press("Enter");
      await page.keyboard.type("The box is too small.");
      await shoot(page, "review-return-light");
      await page.keyboard.press("Enter");
      await page.getByText("#7304").waitFor();
      await page.getByText("1 task waits for a verdict").waitFor();

      await page.getByRole("button", { name: "Later" }).click();
      await page.getByText("#7304").waitFor();
      await page.getByRole("button", { name: "Ask another annotator" }).click();
      await page.getByRole("heading", { name: "Nothing left to review" }).waitFor();
      expect(moves).toEqual([
        { task: 7301, name: "accept", reason: "" },
        { task: 7302, name: "accept", reason: "" },
        { task: 7303, name: "return", reason: "The box is too small." },
        { task: 7304, name: "ask_another", reason: "" },
      ]);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });
  },
  { routes },
);

const returned = new LabelingQueue(config, [{ image: "/data/media/1.png" }], 74, 7401);
returned.store(7401, { result: [box(10)], unique_id: "mine" });
const own = returned.routes();

describeInBrowser(
  "a task that came back",
  (stage) => {
    it("shows its annotator why", async () => {
      const page = await stage.open("/projects/74/data/7401");
      await page.getByRole("note").getByText("The box is too small.").waitFor();
      await page.locator(".sl-stage").waitFor();
      await shoot(page, "review-came-back");
      await expectAccessible(page);
      expect(stage.problems).toEqual([]);
    });
  },
  {
    routes: {
      ...own,
      "GET /data/media/:name": routes["GET /data/media/:name"],
      "GET /api/tasks/:id": async (request, api) => {
        const answer = await own["GET /api/tasks/:id"]?.(request, api);
        return { body: { ...(answer?.body as object), state: "returned" } };
      },
      "GET /api/fsm/entities/task/:id/history": () => ({
        body: {
          count: 1,
          next: null,
          previous: null,
          results: [
            {
              id: "1",
              state: "returned",
              previous_state: "labeled",
              transition_name: "return",
              triggered_by: { id: 2, email: "grace@example.com" },
              reason: "The box is too small.",
              created_at: "2026-11-02T08:00:00Z",
            },
          ],
        },
      }),
    },
  },
);
