/** Feature flags: what they hide, who may decide, and deciding. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { expectAccessibleInThemes } from "../harness/themes";

describeInBrowser("feature flags", (stage) => {
  it("are not to be decided about by others, and say so", async () => {
    const page = await stage.open("/flags");
    await page.getByRole("heading", { name: "Flags are not yours to decide about" }).waitFor();
    await shoot(page, "flags-closed-light");
    await expectAccessible(page);
    expect(await page.getByRole("form").count()).toBe(0);
  });

  it("are listed with what is decided, accessibly, in every theme", async () => {
    stage.server.api.decides = true;
    const page = await stage.open("/flags", { settings: { theme: "light" } });
    const palette = page.getByRole("form", { name: "command_palette" });
    await palette.getByLabel("Share of people, in percent").waitFor();
    expect(await palette.getByLabel("Organizations, by id").inputValue()).toBe("1, 7");
    await palette.getByText("true: 41").waitFor();
    await expectAccessibleInThemes(page, "flags");
  });

  it("are switched off for all, which hides what they are for and is noted", async () => {
    const page = await stage.open("/flags");
    await page.getByRole("button", { name: /Search/ }).waitFor();
    const palette = page.getByRole("form", { name: "command_palette" });
    await palette.getByRole("radio", { name: "Off for all" }).check({ force: true });
    await palette.getByRole("button", { name: "Save" }).click();
    await page.getByText("command_palette is saved.").waitFor();
    await page.getByRole("button", { name: /Search/ }).waitFor({ state: "detached" });

    await palette.getByRole("button", { name: "Changes" }).click();
    await palette.getByText(/ada@example.com/).waitFor();
    await shoot(page, "flags-changed-light");
    await expectAccessible(page);
    expect(stage.problems).toEqual([]);
  });
});
