/** One's own keys: found, changed by pressing, refused nothing silently, kept with the account, put back. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const config = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree" hotkey="x"/></RectangleLabels>
  <PolygonLabels name="area" toName="img"><Label value="Lake"/></PolygonLabels>
  <Image name="img" value="$image"/>
</View>`;
const queue = new LabelingQueue(config, [{ image: "/data/media/1.png" }]);
const routes = {
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, 480, 320),
  }),
};

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Keys" });
const keyOf = (page: Page, action: string) =>
  dialogOf(page).getByRole("button", { name: new RegExp(`^Change the keys of ${action}:`) });

async function openFromHelp(page: Page): Promise<void> {
  await page.keyboard.press("Shift+?");
  await page.getByRole("button", { name: "Change keys…" }).click();
  await dialogOf(page).getByRole("searchbox").waitFor();
}

describeInBrowser(
  "one's own keys",
  (stage) => {
    let page: Page;
    const tool = () =>
      page.getByRole("toolbar", { name: "Tools for img" }).locator('[aria-pressed="true"]').first();

    it("changes a tool's key by pressing another, and the tool listens to it at once", async () => {
      page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme: "light" } });
      await page.locator(".sl-stage").waitFor();
      await openFromHelp(page);
      await page.getByRole("searchbox").fill("polygon");
      await keyOf(page, "Polygon").click();
      await page.getByText("Press the keys…").waitFor();
      await page.keyboard.press("Escape");
      expect(await dialogOf(page).count()).toBe(1);
      await keyOf(page, "Polygon").click();
      await page.keyboard.press("j");
      await expect
        .poll(() => stage.server.api.user.custom_hotkeys)
        .toEqual({
          "image:polygon": { key: "j", active: true },
        });
      await shoot(page, "keys-changed-light");
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });

      await page.keyboard.press("j");
      await expect.poll(() => tool().getAttribute("aria-label")).toBe("Polygon (J)");
      await page.keyboard.press("v");
      await page.keyboard.press("p");
      await expect.poll(() => tool().getAttribute("aria-label")).toBe("Select and change (V)");
    });

    it("says what a key already means, and takes it over only when told to", async () => {
      await openFromHelp(page);
      await keyOf(page, "Undo").click();
      await page.keyboard.press("j");
      await page.getByRole("alert").getByText("J already means “Polygon”.").waitFor();
      await shoot(page, "keys-taken-light");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Leave it" }).click();
      await keyOf(page, "Polygon").getByText("J", { exact: true }).waitFor();

      await keyOf(page, "Undo").click();
      await page.keyboard.press("j");
      await page.getByRole("button", { name: "Take over" }).click();
      await keyOf(page, "Polygon").getByText("no key").waitFor();
      await keyOf(page, "Undo").getByText("J", { exact: true }).waitFor();

      // A key of the configuration cannot be taken, but is named.
      await keyOf(page, "Box").click();
      await page.keyboard.press("x");
      await page.getByText("Also: Label Tree").waitFor();
    });

    it("keeps them with the account, for another browser, and puts them back", async () => {
      const other = await stage.open("/account", { settings: { theme: "dark" } });
      await other.getByRole("button", { name: "Change keys…" }).click();
      await keyOf(other, "Undo").getByText("J", { exact: true }).waitFor();
      await shoot(other, "keys-account-dark");
      await expectAccessible(other);
      await dialogOf(other).getByRole("button", { name: "All as they were" }).click();
      await keyOf(other, "Undo").getByText("Ctrl").waitFor();
      await expect.poll(() => stage.server.api.user.custom_hotkeys).toEqual({});
      expect(stage.problems).toEqual([]);
    });

    it("keeps them on the device while the server is away, and sends them when it is back", async () => {
      const offline = await stage.open("/account");
      await offline.getByRole("button", { name: "Change keys…" }).click();
      await keyOf(offline, "Undo").waitFor();
      await offline.context().setOffline(true);
      await keyOf(offline, "Undo").click();
      await offline.keyboard.press("F9");
      await offline.getByText("Kept on this device.").waitFor();
      await offline.context().setOffline(false);
      await offline.reload();
      await expect
        .poll(() => stage.server.api.user.custom_hotkeys)
        .toEqual({
          "label:undo": { key: "F9", active: true },
        });
    });

    it("speaks the page's language", async () => {
      for (const [locale, title] of [
        ["de", "Tasten"],
        ["ar", "المفاتيح"],
      ] as const) {
        const foreign = await stage.open("/account", { settings: { locale } });
        await foreign.locator(".form-actions .button", { hasText: "…" }).first().click();
        await foreign.getByRole("heading", { name: title, exact: true }).waitFor();
        await shoot(foreign, `keys-${locale}`);
        await expectAccessible(foreign);
      }
    });
  },
  { routes },
);
