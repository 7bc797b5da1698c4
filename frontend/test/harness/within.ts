/** Going on within the page, as people do who follow links: nothing is fetched and started again. */
import type { Page } from "playwright-core";

/** Follows a link to an address of this site. */
export const follow = (page: Page, path: string) =>
  page.evaluate((to) => {
    document.querySelector(".label-screen")?.setAttribute("data-left", "");
    const link = Object.assign(document.createElement("a"), { href: to });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);

/** Follows a link to a labeling screen, and waits until it is there: the new one, not the one left. */
export async function followToScreen(page: Page, path: string): Promise<void> {
  await follow(page, path);
  await page.locator(".label-screen:not([data-left])").waitFor();
}
