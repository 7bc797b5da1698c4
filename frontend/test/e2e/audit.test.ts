/** The audit log: read, opened, searched, read on; closed to those who may not. */
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { expectAccessibleInThemes } from "../harness/themes";

describeInBrowser("the audit log", (stage) => {
  it("is read and opened, accessibly, in every theme", async () => {
    const page = await stage.open("/audit", { settings: { theme: "light" } });
    const lines = page.locator(".audit-line");
    await lines.first().waitFor();
    expect(await lines.count()).toBe(8);
    await lines.nth(1).focus();
    await page.keyboard.press("Enter");
    await page.getByText("request-11").waitFor();
    await expectAccessibleInThemes(page, "audit");

    await page.getByRole("button", { name: "Show older records" }).click();
    await expect.poll(() => lines.count()).toBe(12);
    expect(stage.problems).toEqual([]);
  });

  it("is searched by kind, taken in and exported", async () => {
    const page = await stage.open("/audit");
    await page.getByRole("button", { name: /What was changed/ }).click();
    await page.getByRole("option", { name: "Project" }).click();
    await expect.poll(() => page.locator(".audit-line").count()).toBe(3);
    await page.getByRole("button", { name: "Take in the newest" }).click();
    await expect
      .poll(() => stage.server.api.calls.filter((call) => call === "POST /api/audit/seal/").length)
      .toBe(1);
    const link = page.getByRole("link", { name: "Export" });
    expect(await link.getAttribute("href")).toBe("/api/audit/export/");
  });

  it("reads from the right in Arabic", async () => {
    const page = await stage.open("/audit", { settings: { locale: "ar" } });
    await page.locator(".audit-line").first().waitFor();
    await shoot(page, "audit-arabic-light");
  });

  it("is closed to others, and says to whom it is open", async () => {
    stage.server.api.user.permissions = [];
    const page = await stage.open("/audit");
    await page.getByRole("heading", { name: "The audit log is not open to you" }).waitFor();
    await shoot(page, "audit-closed-light");
    await expectAccessible(page);
  });
});
