/** A person's place of work for tests: the real stack, a browser, and one page that is signed in. */
import type { Browser, Page } from "playwright-core";
import type { ResultItem } from "../../src/api/types";
import { launch, openPage } from "./browser";
import { rawItems } from "./person/results";
import { Stack } from "./stack";
import { followToScreen } from "./within";

/** An annotation as it is stored: parsed, and each item as its text stands in the answer. */
export interface Stored {
  readonly id: number;
  readonly result: readonly ResultItem[];
  readonly raw: readonly string[];
}

export class Desk {
  private constructor(
    readonly stack: Stack,
    private readonly browser: Browser,
    readonly page: Page,
    /** Uncaught errors and console errors of the page so far. */
    readonly problems: string[],
  ) {}

  static async open(): Promise<Desk> {
    const [stack, browser] = await Promise.all([Stack.start(), launch()]);
    const problems: string[] = [];
    const page = await openPage(browser, `${stack.access.url}/signin`, problems, {
      settings: { theme: "light" },
    });
    await page.getByLabel("Email").fill(stack.access.email);
    await page.getByLabel("Password").fill(stack.access.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    return new Desk(stack, browser, page, problems);
  }

  /** Opens a labeling screen, and waits until the work is there. */
  async goTo(path: string): Promise<void> {
    await followToScreen(this.page, path);
    await this.page.locator(".label-work .tag-place").first().waitFor();
  }

  /** Submits, or updates, by the keys that people use; gives what is stored then. */
  async submit(method: "POST" | "PATCH"): Promise<Stored> {
    const answered = this.page.waitForResponse(
      (answer) => answer.request().method() === method && /\/annotations\//.test(answer.url()),
    );
    await this.page.keyboard.press("Control+Enter");
    const answer = await answered;
    if (!answer.ok()) throw new Error(`${answer.status()} ${await answer.text()}`);
    const { id } = (await answer.json()) as { id: number };
    const text = await this.stack.annotation(id);
    const { result } = JSON.parse(text) as { result: ResultItem[] };
    return { id, result, raw: rawItems(text) };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stack.close();
  }
}
