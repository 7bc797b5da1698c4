/** What people do with each other's work beside the canvas: comments on regions, and annotations compared. */
import { expect, it } from "vitest";
import type { Comment } from "../../src/api/types";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { type ApiRequest, type FakeApi, failure } from "../harness/fakeApi";
import { ada } from "../harness/fixtures";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
  <Image name="img" value="$image"/>
  <Choices name="tone" toName="img" showInLine="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>`;
const grace = { id: 2, first_name: "Grace", last_name: "Hopper", email: "grace@example.com", avatar: null };
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
  id: `tone${choice}`,
  from_name: "tone",
  to_name: "img",
  type: "choices",
  value: { choices: [choice] },
});
const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }], 75, 7501);
const mine = queue.store(7501, {
  result: [box("a", 10, 12), box("b", 64, 50, "Tree"), tone("Calm")],
  unique_id: "u1",
});
const theirs = queue.store(7501, { result: [box("a", 14, 16), tone("Busy")], unique_id: "u2" });
theirs.completed_by = grace;

const said: Comment[] = [
  {
    id: 1,
    task: 7501,
    project: 75,
    draft: null,
    annotation: mine.id,
    region_ref: { regionId: "b" },
    text: "Is this one a bush?",
    is_resolved: false,
    resolved_at: null,
    resolved_by: null,
    created_by: grace,
    created_at: "2026-11-02T08:00:00Z",
    updated_at: "2026-11-02T08:00:00Z",
    version: 1,
  },
];
let refusal = "";
type Call = { params: Record<string, string>; body: unknown };
const own = queue.routes();
const routes = {
  ...own,
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 480, 320),
  }),
  "GET /api/tasks/:id": async (request: ApiRequest, api: FakeApi) => {
    const answer = await own["GET /api/tasks/:id"]?.(request, api);
    return { body: { ...(answer?.body as object), comment_count: said.length } };
  },
  "GET /api/comments": () => ({ body: said }),
  "POST /api/comments": ({ body }: Call) => {
    if (refusal) return failure(403, refusal);
    const made = {
      ...(said[0] as Comment),
      region_ref: null,
      ...(body as object),
      id: said.length + 1,
      created_by: ada,
    } as Comment;
    said.push(made);
    return { status: 201, body: { ...made, created_by: ada.id } };
  },
  "PATCH /api/comments/:id": ({ params, body }: Call) => {
    const at = said.findIndex(({ id }) => id === Number(params.id));
    said[at] = { ...(said[at] as Comment), ...(body as object) };
    return { body: { ...said[at], created_by: 1 } };
  },
  "DELETE /api/comments/:id": ({ params }: Call) => {
    said.splice(
      said.findIndex(({ id }) => id === Number(params.id)),
      1,
    );
    return { status: 204 };
  },
};

describeInBrowser(
  "comments beside the work",
  (stage) => {
    it("are marked on regions, read, written on the selected one, settled, changed and removed", async () => {
      const page = await stage.open(`/projects/75/data/7501?annotation=${mine.id}`, {
        settings: { theme: "light" },
      });
      await page.locator(".sl-stage").waitFor();
      await page.getByRole("row", { name: /Tree/ }).getByLabel("Comments: 1").waitFor();
      await page.keyboard.press("Shift+C");
      const panel = page.getByRole("complementary", { name: "Comments" });
      await panel.getByText("Is this one a bush?").waitFor();
      await panel.getByRole("button", { name: "On Tree" }).click();
      await page.getByRole("row", { name: /Tree/, selected: true }).waitFor();

      const field = panel.getByRole("textbox", { name: "Your comment: On Tree" });
      refusal = "You do not have permission to perform this action.";
      await field.fill("It has a trunk.");
      await field.press("Enter");
      await page.getByText(refusal).waitFor();
      expect(await field.inputValue()).toBe("It has a trunk.");
      refusal = "";
      await field.press("Enter");
      await panel.getByText("It has a trunk.").waitFor();
      expect(said[1]?.region_ref).toEqual({ regionId: "b" });
      await page.getByRole("row", { name: /Tree/ }).getByLabel("Comments: 2").waitFor();
      await shoot(page, "label-comments-light");
      await expectAccessible(page);

      const first = panel.getByRole("listitem").filter({ hasText: "bush" });
      expect(await first.getByRole("button", { name: "Edit" }).count()).toBe(0);
      await first.getByRole("button", { name: "Resolve" }).click();
      await panel.getByText("Is this one a bush?").waitFor({ state: "detached" });
      await panel.getByLabel("Show resolved (1)").check();
      await first.getByRole("button", { name: "Reopen" }).waitFor();
      const second = panel.getByRole("listitem").filter({ hasText: "trunk" });
      await second.getByRole("button", { name: "Edit" }).click();
      const edited = panel.getByRole("textbox", { name: "Your comment: Your comment" });
      await edited.fill("It has a thin trunk.");
      await edited.press("Enter");
      await panel.getByText("It has a thin trunk.").waitFor();
      await panel
        .getByRole("listitem")
        .filter({ hasText: "thin" })
        .getByRole("button", { name: "Delete" })
        .click();
      await panel.getByText("It has a thin trunk.").waitFor({ state: "detached" });
      expect(queue.updated).toEqual([]);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });

    for (const theme of ["light", "dark"])
      it(`compares annotators on one canvas, in ${theme}`, async () => {
        const page = await stage.open("/projects/75/data/7501", { settings: { theme } });
        await page.locator(".sl-stage").waitFor();
        await page.keyboard.press("Shift+M");
        const panel = page.getByRole("complementary", { name: "Compare" });
        await page.getByRole("row", { name: /Car · Ada Lovelace/ }).waitFor();
        await page.getByRole("row", { name: /Car · Grace Hopper/ }).waitFor();
        await page.getByRole("row", { name: /Tree · Ada Lovelace/ }).waitFor();
        // The tree is hers alone; the cars share about half.
        await panel.getByRole("button", { name: /Tree.*0 %/ }).waitFor();
        expect(await panel.getByRole("button", { name: /Car.*Grace.*53 %/ }).count()).toBe(1);
        await panel.getByText("not all the same").waitFor();
        await panel.getByRole("button", { name: /Tree/ }).click();
        await page.waitForTimeout(300);
        await shoot(page, `label-compare-${theme}`);
        await expectAccessible(page);
        await panel.getByRole("checkbox", { name: /Grace/ }).uncheck();
        await page.getByRole("row", { name: /Grace/ }).waitFor({ state: "detached" });
        await page.getByRole("button", { name: "Back to the work" }).click();
        await page.getByRole("row", { name: /^Car/ }).waitFor();
        expect(await panel.count()).toBe(0);
        expect(stage.problems).toEqual([]);
        await page.context().close();
      });
  },
  { routes },
);
