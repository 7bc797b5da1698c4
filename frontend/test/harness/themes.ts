/** Pages in the themes there are: what is wrong with colours is looked for in each, all else once. */
import type { Page } from "playwright-core";
import { expectAccessible, shoot } from "./browser";

/** The rules that a theme can break. */
const colours = ["color-contrast", "link-in-text-block"];

/** A theme is an attribute of the document, and nothing else: a page can change it without being opened again. */
export const wear = (page: Page, theme: string) =>
  page.evaluate((worn) => {
    document.documentElement.dataset.theme = worn;
  }, theme);

/**
 * Fails where a page in the light theme is not accessible, or has colours in one of the other themes that are not.
 * `name` is that of the pictures that are kept.
 */
export async function expectAccessibleInThemes(page: Page, name: string): Promise<void> {
  await shoot(page, `${name}-light`);
  await expectAccessible(page);
  for (const theme of ["dark", "contrast"]) {
    await wear(page, theme);
    await shoot(page, `${name}-${theme}`);
    await expectAccessible(page, { only: colours });
  }
  await wear(page, "light");
}
