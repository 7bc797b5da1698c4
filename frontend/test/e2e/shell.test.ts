import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible } from "../harness/browser";

describeInBrowser("the shell", (stage) => {
  it("draws the projects page under a strict content policy, without errors", async () => {
    const page = await stage.open("/projects");

    await page.getByRole("heading", { name: "Projects" }).waitFor();

    await expectAccessible(page);
    expect(stage.problems).toEqual([]);
  });
});
