/** Assigning tasks to people, and finding what is assigned to whom. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";

describeInBrowser("tasks", (stage) => {
  it("are assigned to people, and found by whom they are assigned to", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects/2/data?cols=id,state,assigned");
    await page.getByRole("checkbox", { name: "Select task 2000002" }).check();
    await page.getByRole("checkbox", { name: "Select task 2000003" }).check();
    await page.getByRole("button", { name: "Assign…" }).click();
    const dialog = page.getByRole("dialog", { name: "Assign 2 tasks" });
    expect(await dialog.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await dialog.getByRole("checkbox").nth(1).check();
    await shoot(page, "assign");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("The assignment of 2 tasks has changed.").waitFor();
    const [user] = api.assigned.get(2_000_002) ?? [];
    expect([...api.assigned]).toEqual([
      [2_000_002, [user]],
      [2_000_003, [user]],
    ]);

    expect(await page.getByLabel("Assigned to").textContent()).toBe("All tasks");
    await page.getByLabel("Assigned to").click();
    await page.getByRole("option").nth(3).click();
    await page.getByText(/^1–2/).waitFor();
    expect(page.url()).toContain(`for=${user}`);
    await shoot(page, "assigned");
    await expectAccessible(page);
    expect(stage.problems).toEqual([]);
  });
});
