/** The history beside the work: versions looked at and used, removed annotations brought back, steps of the task. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { ada } from "../harness/fixtures";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img">
    <Label value="Car" background="#2f7fd1"/>
    <Label value="Tree" background="#2e9e4f"/>
  </RectangleLabels>
  <Image name="img" value="$image"/>
  <Choices name="tone" toName="img" showInLine="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>`;

const box = (id: string, x: number, y: number, label = "Car") => ({
  id,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 480,
  original_height: 320,
  image_rotation: 0,
  value: { x, y, width: 22, height: 26, rotation: 0, rectanglelabels: [label] },
});
const tone = (choice: string) => ({
  id: "tone",
  from_name: "tone",
  to_name: "img",
  type: "choices",
  value: { choices: [choice] },
});

const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }], 72, 7201);
const results = [
  [box("a", 8, 10), box("b", 40, 12), tone("Calm")],
  [box("a", 14, 30), box("b", 40, 12), box("c", 70, 55, "Tree"), tone("Calm")],
  [box("a", 14, 30), box("c", 70, 55, "Tree"), tone("Busy")],
];
const stored = queue.store(7201, { result: results[2] ?? [], unique_id: "u" });
stored.version = 3;
const version = (number: number) => ({
  ...stored,
  result: results[number - 1] ?? [],
  version: number,
  edited_by: ada.id,
  is_present: number === results.length,
  updated_at: `2026-11-0${number}T09:30:00Z`,
});
const gone = { ...version(1), id: 950, is_present: false };
const removed = [gone];
const restored: string[] = [];

const routes = {
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 480, 320),
  }),
  "GET /api/annotations/:id/versions": () => ({ body: [1, 2, 3].map(version) }),
  "GET /api/tasks/:id/removed-annotations": () => ({ body: removed }),
  "POST /api/annotations/:id/versions/:number/restore": ({ params }: { params: Record<string, string> }) => {
    restored.push(`${params.id}/${params.number}`);
    removed.length = 0;
    queue.annotations.set(7201, [...(queue.annotations.get(7201) ?? []), { ...gone }]);
    return { body: gone };
  },
  "DELETE /api/annotations/:id": () => {
    removed.push(gone);
    queue.annotations.set(7201, [stored]);
    return { status: 204 };
  },
  "GET /api/fsm/entities/task/:id/history": () => ({
    body: {
      count: 2,
      next: null,
      previous: null,
      results: [
        {
          id: "2",
          state: "returned",
          previous_state: "labeled",
          transition_name: "return",
          triggered_by: { id: 2, email: "grace@example.com" },
          reason: "The tree on the right is missing.",
          created_at: "2026-11-02T08:00:00Z",
        },
        {
          id: "1",
          state: "labeled",
          previous_state: "unlabeled",
          transition_name: "submit",
          triggered_by: { id: 1, email: "ada@example.com" },
          reason: "",
          created_at: "2026-11-01T08:00:00Z",
        },
      ],
    },
  }),
};

describeInBrowser(
  "the history beside the work",
  (stage) => {
    for (const theme of ["light", "dark"])
      it(`lists versions, and shows one with its differences on the canvas, in ${theme}`, async () => {
        const page = await stage.open("/projects/72/data/7201", { settings: { theme } });
        await page.locator(".sl-stage").waitFor();
        await page.keyboard.press("Shift+H");
        const panel = page.getByRole("complementary", { name: "History" });
        await panel.getByRole("button", { name: /Version 3/ }).waitFor();
        expect(await panel.getByRole("button", { name: /Version \d/ }).allTextContents()).toHaveLength(3);
        await panel.getByText("The tree on the right is missing.").waitFor();
        await panel.getByRole("button", { name: /Version 2/ }).click();
        await page.getByText("You are looking at version 2.").waitFor();
        // What was added and changed stands in the list of regions, named by sign and label.
        await page.getByRole("row", { name: /\+ Tree/ }).waitFor();
        await page.getByRole("row", { name: /± Car/ }).waitFor();
        await panel.getByRole("button", { name: /1 region added.*Tree/ }).click();
        await page.getByRole("row", { name: /\+ Tree/, selected: true }).waitFor();
        expect(await page.getByRole("toolbar", { name: /Tools/ }).getByRole("button").count()).toBe(2);
        await page.waitForTimeout(300);
        await shoot(page, `label-history-${theme}`);
        await expectAccessible(page);
        await panel.getByRole("radio", { name: "What is now" }).check();
        await page.getByRole("row", { name: /\+ Car/ }).waitFor();
        await page.keyboard.press("Control+Enter");
        await page.getByText("You are looking at").waitFor({ state: "detached" });
        expect(queue.updated).toEqual([]);
        expect(stage.problems).toEqual([]);
        await page.context().close();
      });

    it("puts a version into the work as one step, which undo takes back", async () => {
      const page = await stage.open("/projects/72/data/7201");
      await page.locator(".sl-stage").waitFor();
      await page.getByRole("button", { name: "History and more beside the work" }).click();
      await page.getByRole("button", { name: /Version 1/ }).click();
      await page.getByRole("button", { name: "Use this version" }).click();
      await page.getByText("Version 1 is in the work now.").first().waitFor();
      await expect.poll(() => page.getByRole("radio", { name: "Calm" }).isChecked()).toBe(true);
      await page.keyboard.press("Control+z");
      await expect.poll(() => page.getByRole("radio", { name: "Busy" }).isChecked()).toBe(true);
      await page.keyboard.press("Control+Shift+z");
      await page.keyboard.press("Control+Enter");
      await expect.poll(() => queue.updated.length).toBe(1);
      expect(queue.updated[0]?.input.result).toEqual(results[0]);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });

    it("brings a removed annotation back, and undoes that", async () => {
      const page = await stage.open("/projects/72/data/7201");
      await page.locator(".sl-stage").waitFor();
      await page.keyboard.press("Shift+H");
      await page.getByRole("button", { name: "Bring back" }).click();
      await page.getByText("The annotation is back.").waitFor();
      await page.getByRole("button", { name: /#950/ }).waitFor();
      expect(restored).toEqual(["950/1"]);
      await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Bring back" }).waitFor();
      expect(await page.getByRole("button", { name: /#950/ }).count()).toBe(0);
      await page.context().close();
    });

    for (const [locale, history] of [
      ["de", "Verlauf"],
      ["ar", "السجل"],
    ] as const)
      it(`speaks ${locale}`, async () => {
        const page = await stage.open("/projects/72/data/7201", { settings: { locale } });
        await page.locator(".sl-stage").waitFor();
        await page.keyboard.press("Shift+H");
        await page.getByRole("complementary", { name: history }).waitFor();
        await shoot(page, `label-history-${locale}`);
        await expectAccessible(page);
        await page.context().close();
      });
  },
  { routes },
);
