/** Somebody else saved the annotation meanwhile: both versions side by side, one chosen for each region. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
  <Image name="img" value="$image"/>
  <Choices name="tone" toName="img" showInLine="true"><Choice value="Calm"/><Choice value="Busy"/></Choices>
</View>`;
const box = (id: string, x: number, label: string) => ({
  id,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  original_width: 480,
  original_height: 320,
  image_rotation: 0,
  value: { x, y: 20, width: 22, height: 26, rotation: 0, rectanglelabels: [label] },
});
const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }], 76, 7601);
const stored = queue.store(7601, { result: [box("a", 10, "Car"), box("b", 60, "Car")], unique_id: "u" });
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 480, 320),
  }),
  "POST /api/tasks/:id/annotations/:annotation/drafts": () => ({ status: 201, body: { id: 1 } }),
  "PATCH /api/drafts/:id": () => ({ body: { id: 1 } }),
};

describeInBrowser(
  "a conflict",
  (stage) => {
    for (const theme of ["light", "dark"])
      it(`is shown side by side and settled region by region, in ${theme}`, async () => {
        stored.result = [box("a", 10, "Car"), box("b", 60, "Car")];
        queue.updated.length = 0;
        const page = await stage.open("/projects/76/data/7601", { settings: { theme } });
        await page.locator(".sl-stage").waitFor();
        // They moved the first and removed the second; I relabel the first and the second, and answer.
        const version = stored.version;
        stored.result = [box("a", 16, "Car")];
        stored.version += 1;
        for (const at of [0, 1]) {
          await page
            .getByRole("row", { name: /Car|Tree/ })
            .nth(at)
            .click();
          await page.getByRole("button", { name: /^Tree/ }).click();
        }
        await page.getByRole("radio", { name: "Busy" }).check();
        await page.keyboard.press("Control+Enter");
        const dialog = page.getByRole("dialog", { name: "Changed elsewhere" });
        await dialog.waitFor();
        expect(await dialog.getByRole("region").count()).toBe(2);
        expect(await dialog.getByRole("group", { name: /^box/ }).count()).toBe(2);
        await dialog.locator(".sl-stage").nth(1).waitFor();
        await page.waitForTimeout(400);
        await shoot(page, `label-conflict-${theme}`);
        await expectAccessible(page);
        const first = dialog.getByRole("group", { name: /^box/ }).first();
        await first.getByRole("radio", { name: /Theirs/ }).check();
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.waitFor({ state: "detached" });
        await expect.poll(() => stored.version).toBe(version + 2);

        const saved = Object.fromEntries(stored.result.map((item) => [item.id, item.value]));
        expect(saved.a).toMatchObject({ x: 16, rectanglelabels: ["Car"] });
        expect(saved.b).toMatchObject({ x: 60, rectanglelabels: ["Tree"] });
        expect(stored.result.some((item) => item.from_name === "tone")).toBe(true);
        expect(stage.problems).toEqual([]);
        await page.context().close();
      });
  },
  { routes },
);
