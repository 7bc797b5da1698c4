import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";

describeInBrowser("the shell", (stage) => {
  it("draws the projects page under a strict content policy, without errors", async () => {
    const page = await stage.open("/projects");

    await page.getByRole("heading", { name: "Projects" }).waitFor();

    await expectAccessible(page);
    expect(stage.problems).toEqual([]);
  });

  it("leads to the playground by the menu and by a command", async () => {
    const page = await stage.open("/projects");
    await page.getByRole("button", { name: "Account and theme" }).click();
    await shoot(page, "menu-playground");
    await page.getByRole("menuitem", { name: "Playground" }).click();
    await page.getByRole("heading", { level: 1, name: "Playground" }).waitFor();

    for (const [locale, words] of Object.entries({
      de: "Spielwiese",
      es: "Zona",
      zh: "试验场",
      ar: "ساحة",
    })) {
      const other = await stage.open("/projects", { settings: { locale } });
      await other.locator(".bar-user").waitFor();
      await other.keyboard.press("Control+k");
      await other.getByRole("combobox").fill(words);
      await other.getByRole("option", { name: words }).waitFor();
      if (locale === "ar") await shoot(other, "palette-playground-ar");
      await other.keyboard.press("Enter");
      await other.waitForURL("**/playground");
      await other.getByRole("heading", { level: 1, name: words }).waitFor();
      await other.context().close();
    }
    expect(stage.problems).toEqual([]);
  });
});
