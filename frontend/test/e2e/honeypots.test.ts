/** How often control tasks are mixed in, and how well people do on them. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { people } from "../harness/fixtures";

describeInBrowser("control tasks", (stage) => {
  it("are mixed in as often as the settings say", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects/1/settings/general");
    const field = page.getByLabel("One control task in every");
    await field.fill("10");
    await page.getByRole("checkbox", { name: "Hand out assigned tasks alone" }).check();
    await shoot(page, "honeypots-settings");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const { honeypot_every, assigned_only } = api.projects.get(1) ?? {};
    expect({ honeypot_every, assigned_only }).toEqual({ honeypot_every: 10, assigned_only: true });
    expect(stage.problems).toEqual([]);
  });

  it("show managers how well each person does", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects/1/settings/members");
    await page.getByText("Nobody has answered a task with a ground truth yet.").waitFor();
    const user = people[1] as (typeof api.accuracy)[number]["user"];
    api.accuracy = [
      { user, judged: 10, right: 8, accuracy: 0.85, right_share: 0.8, right_interval: [0.49, 0.943] },
    ];
    await page.reload();
    const row = page.getByRole("row", { name: /Grace Hopper/ });
    await row.waitFor();
    expect(await row.getByRole("cell").allInnerTexts()).toEqual(["10", "85%", "80% (49% to 94%)"]);
    await shoot(page, "honeypots-accuracy");
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 780 });
    await row.scrollIntoViewIfNeeded();
    await shoot(page, "honeypots-accuracy-phone");
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(stage.problems).toEqual([]);
  });
});
