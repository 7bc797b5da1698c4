/** Writing a config beside the labeling screen it makes: completion, faults, the preview, and what it keeps to itself. */
import type { Page } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";

const spans = `<View>
  <Text name="text" value="$text"/>
  <Labels name="label" toName="text">
    <Label value="Person" hotkey="1"/>
    <Label value="Place" hotkey="2"/>
  </Labels>
</View>
`;

const editor = (page: Page) => page.getByLabel("Labeling config");
const preview = (page: Page) => page.getByRole("group", { name: "Preview" });
const result = (page: Page) => page.getByRole("region", { name: "Result as JSON" });
const items = async (page: Page) =>
  JSON.parse((await result(page).textContent()) ?? "[]") as Record<string, unknown>[];

/** Writes a config, and waits until it is shown. */
async function write(page: Page, config: string, shown: string): Promise<void> {
  await editor(page).fill(config);
  await preview(page).locator(`.tag-place[data-tag="${shown}"]`).first().waitFor();
}

/** Puts the caret behind the first occurrence of a text. */
async function caretBehind(page: Page, text: string): Promise<void> {
  await editor(page).evaluate((area, wanted) => {
    const field = area as HTMLTextAreaElement;
    const at = field.value.indexOf(wanted) + wanted.length;
    field.focus();
    field.setSelectionRange(at, at);
  }, text);
}

describeInBrowser("the playground", (stage) => {
  let asked: string[];
  beforeEach(() => {
    stage.problems.length = 0;
  });

  async function open(path = "/playground", options: Parameters<typeof stage.open>[1] = {}): Promise<Page> {
    const page = await stage.open(path, options);
    asked = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/"))
        asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await preview(page).locator(".label-work").waitFor();
    return page;
  }

  for (const theme of ["light", "dark", "contrast"] as const)
    it(`is accessible in ${theme}`, async () => {
      const page = await open("/playground", { settings: { theme } });
      await write(page, spans, "Labels");
      await page.getByText("The config is valid.").waitFor();
      await shoot(page, `playground-${theme}`);
      await expectAccessible(page);
      await caretBehind(page, '<Labels name="label"');
      await page.keyboard.type(" cho");
      await page.getByRole("option", { name: /^choice/ }).waitFor();
      await shoot(page, `playground-completion-${theme}`);
      await expectAccessible(page);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });

  it("labels by key while the focus is in the preview, and shows what would be stored", async () => {
    const page = await open();
    await write(page, spans, "Labels");
    await editor(page).blur();
    await page.keyboard.press("2");
    expect(await preview(page).locator('[aria-pressed="true"]').count()).toBe(0);

    await preview(page)
      .locator(".label-work")
      .click({ position: { x: 5, y: 2 } });
    await page.keyboard.press("2");
    await expect.poll(() => preview(page).locator('[aria-pressed="true"]').count()).toBe(1);
    await page.context().close();
  });

  it("sends nothing that is done in the preview", async () => {
    const page = await open();
    await write(
      page,
      '<View><Text name="text" value="$text"/><Choices name="tone" toName="text"><Choice value="Glad"/><Choice value="Sad"/></Choices></View>',
      "Choices",
    );
    await preview(page).getByText("Sad", { exact: true }).click();
    await expect.poll(() => items(page)).toMatchObject([{ from_name: "tone", value: { choices: ["Sad"] } }]);
    await page.keyboard.press("Control+Enter");
    await preview(page)
      .getByRole("button", { name: /Update/ })
      .waitFor();
    expect(await items(page)).toHaveLength(1);
    await page.waitForTimeout(1500); // a draft would be sent by now
    const theFrames = /validate|GET .*\/organizations\/$/; // its menu asks for them when it is quiet
    expect(asked.filter((one) => !theFrames.test(one))).toEqual([]);
    await page.context().close();
  });
});
