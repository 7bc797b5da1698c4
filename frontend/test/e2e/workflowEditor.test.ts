/** A workflow of a project's own, made as a form: steps taken back, and the server's faults at their places. */
import { expect, it } from "vitest";
import type { WorkflowMachine } from "../../src/api/types";
import { describeInBrowser } from "../harness/browser";
import { expectAccessibleInThemes } from "../harness/themes";
import { presets } from "../harness/workflows";

const sent: WorkflowMachine[] = [];
let own: WorkflowMachine | null = null;
const review = presets.find(({ name }) => name === "review")?.workflow as WorkflowMachine;
const shown = () => ({
  preset: own ? null : "review",
  workflow: own ?? review,
  tasks: {},
  is_following: false,
  version: 1,
});

describeInBrowser(
  "the editor of a workflow",
  (stage) => {
    it("makes one's own of a preset, and shows faults where they are, in every theme", async () => {
      const page = await stage.open("/projects/1/settings/workflow", { settings: { theme: "light" } });
      await page.getByRole("button", { name: "Edit as one’s own" }).click();
      await page.getByRole("button", { name: "Add a state" }).click();
      const state = page.getByRole("group", { name: `state ${review.states.length + 1}` });
      await state.getByLabel("Name for programs").fill("archived");
      await state.getByLabel("Title for people").fill("Archived");
      await page.getByRole("group", { name: "Archived" }).getByLabel("The work is done here").check();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").getByText("No way leads to this state.").waitFor();
      const at = sent[0]?.states.findIndex(({ name }) => name === "archived");
      expect(at).toBe(review.states.length);
      const archived = page.getByRole("group", { name: "Archived", exact: true });
      await archived.getByText("No way leads to this state.").waitFor();
      await archived.scrollIntoViewIfNeeded();
      await expectAccessibleInThemes(page, "workflow-editor");

      await page.getByRole("button", { name: "Add a transition" }).click();
      const way = page.getByRole("group", { name: /^way \d+$/ });
      const name = way.getByLabel("Name for programs");
      await name.fill("archive");
      await name.press("Tab");
      await page
        .getByRole("group", { name: "archive", exact: true })
        .getByRole("button", { name: /^To/ })
        .click();
      await page.getByRole("option", { name: "Archived" }).click();
      // A step too many is taken back.
      await page.getByRole("button", { name: "Remove archive", exact: true }).click();
      await page.getByRole("button", { name: "Undo the last step" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved.").waitFor();

      expect(sent[1]?.transitions.at(-1)).toMatchObject({ name: "archive", to: "archived" });
      await page
        .getByRole("button", { name: /Workflow/ })
        .getByText("The project's own")
        .waitFor();
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });
  },
  {
    routes: {
      "GET /api/projects/1/workflow": () => ({ body: shown() }),
      "PUT /api/projects/1/workflow": ({ body }) => {
        const { workflow } = body as { workflow: WorkflowMachine };
        sent.push(workflow);
        const led = workflow.transitions.some(({ to }) => to === "archived");
        if (!led)
          return {
            status: 400,
            body: {
              detail: "The workflow has a fault.",
              faults: [
                {
                  place: `workflow.states[${workflow.states.findIndex(({ name }) => name === "archived")}]`,
                  message: "No way leads to this state.",
                  code: "unreachable",
                },
              ],
            },
          };
        own = workflow;
        return { body: shown() };
      },
    },
  },
);
