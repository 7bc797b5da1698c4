/** Pages reached by links, as people go: what is fetched on the way must not leave a page empty. */
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { follow } from "../harness/within";

const screens = ["/projects/1/label", "/projects/1/data/1000001", "/projects/1/review"];
const pages = ["/projects", "/projects/create", "/projects/1/data", "/projects/1/settings", "/playground"];

describeInBrowser("a link within the site", (stage) => {
  it("leads to every screen and page, for the first time and again", async () => {
    const page = await stage.open("/account");
    const account = page.getByRole("heading", { name: "API key" });
    for (const path of [...screens, ...pages, ...screens]) {
      await account.waitFor();
      await follow(page, path);
      await account.waitFor({ state: "detached" });
      const shown = screens.includes(path) ? ".label-screen .label-open > *" : "h1";
      await page.locator(`main ${shown}`).first().waitFor();
      await follow(page, "/account");
    }
    expect(stage.problems).toEqual([]);
  });
});
