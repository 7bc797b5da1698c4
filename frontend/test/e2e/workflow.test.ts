/** Choosing a project's workflow, taking its tasks along, and pausing the project. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

describeInBrowser("the workflow of a project", (stage) => {
  it("is chosen, and tasks of states that go are taken along", async () => {
    const { api } = stage.server;
    api.workflows.set(1, { preset: "plain", tasks: { labeled: 3, unlabeled: 9 } });
    const page = await stage.open("/projects/1/settings/workflow");
    const choice = page.getByRole("button", { name: /Workflow/ });
    await page.getByText("3 tasks").waitFor();

    await choice.click();
    await page.getByRole("option", { name: "Labeling and review" }).click();
    await page.getByText("Ask another annotator").waitFor();
    await shoot(page, "workflow-review");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect(api.workflows.get(1)?.preset).toBe("review");

    api.workflows.set(1, { preset: "review", tasks: { accepted: 2, labeled: 1 } });
    await page.reload();
    await page.getByText("2 tasks").waitFor();
    await choice.click();
    await page.getByRole("option", { name: "Labeling", exact: true }).click();
    await page.getByText(/The new workflow lacks states/).waitFor();
    await shoot(page, "workflow-lost");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect(api.workflows.get(1)).toEqual({ preset: "plain", tasks: { labeled: 3 } });
    expect(stage.problems).toEqual([]);
  });

  it("lets the project be paused, finished, and opened again with a reason", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects/1/settings/workflow");

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    expect(api.projects.get(1)?.state).toBe("paused");
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByRole("button", { name: "Reopen" }).click();
    const dialog = page.getByRole("dialog");
    await shoot(page, "workflow-reopen");
    await expectAccessible(page);
    expect(await dialog.getByRole("button", { name: "Reopen" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("More data came.");
    await dialog.getByRole("button", { name: "Reopen" }).click();

    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(api.projects.get(1)?.state).toBe("open");
    expect(stage.problems).toEqual([]);
  });
});

const config = `<View><Text name="text" value="$text"/>
  <Choices name="tone" toName="text"><Choice value="Calm"/></Choices></View>`;

const queue = new LabelingQueue(config, [{ text: "One." }, { text: "Two." }]);

describeInBrowser(
  "an annotation that the workflow refuses",
  (stage) => {
    it("is told with why, and the work is kept", async () => {
      queue.refusal = "Project 70 is paused: submit is not possible there.";
      const page = await stage.open("/projects/70/label");
      await page.getByRole("radio", { name: "Calm" }).check();

      await page.keyboard.press("Control+Enter");
      await page.getByText(queue.refusal).first().waitFor();
      await shoot(page, "label-refused");
      await expectAccessible(page);
      expect(queue.sent).toEqual([]);
      expect(await page.getByRole("radio", { name: "Calm" }).isChecked()).toBe(true);

      queue.refusal = "";
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();
      expect(queue.sent.length).toBe(1);
    });
  },
  { routes: queue.routes() },
);
