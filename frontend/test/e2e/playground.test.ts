/** Writing a config beside the labeling screen it makes: completion, faults, the preview, and what it keeps to itself. */
import type { Page } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { galleryTemplates } from "../harness/gallery";
import { payloads } from "../harness/payloads";
import { expectAccessibleInThemes } from "../harness/themes";

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
      if (request.url().includes("/api/") && request.method() !== "GET")
        asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await preview(page).locator(".label-work").waitFor();
    return page;
  }

  it("is accessible in every theme", async () => {
    const page = await open("/playground", { settings: { theme: "light" } });
    await write(page, spans, "Labels");
    await page.getByText("The config is valid.").waitFor();
    await expectAccessibleInThemes(page, "playground");
    await caretBehind(page, '<Labels name="label"');
    await page.keyboard.type(" cho");
    await page.getByRole("option", { name: /^choice/ }).waitFor();
    await expectAccessibleInThemes(page, "playground-completion");
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
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await preview(page).getByRole("button", { name: "Copy" }).click();
    await page.getByText("The result is on the clipboard.").waitFor();
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(await items(page));
    await page.waitForTimeout(1500); // a draft would be sent by now
    const theFrames = /validate|GET .*\/organizations\/$/; // its menu asks for them when it is quiet
    expect(asked.filter((one) => !theFrames.test(one))).toEqual([]);
    await page.context().close();
  });

  it("completes by keyboard alone, reads out what it offers, and undoes as one", async () => {
    const page = await open();
    await editor(page).fill('<View>\n  <Text name="text" value="$text"/>\n  \n</View>\n');
    await caretBehind(page, "/>\n  ");
    await page.keyboard.type("<Choi");
    const list = page.getByRole("listbox", { name: "What may come next" });
    await list.waitFor();
    const chosen = await editor(page).getAttribute("aria-activedescendant");
    expect(await page.locator(`[id="${chosen}"]`).textContent()).toContain("Choices");
    expect(await page.getByRole("status").allTextContents()).toContain(
      "1 suggestion. Enter takes it, Escape closes.",
    );

    await page.keyboard.press("Enter");
    expect(await editor(page).inputValue()).toContain('<Choices name="choices" toName="text"');
    await page.keyboard.press("Control+z");
    expect(await editor(page).inputValue()).toContain("  <Choi\n");

    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    await page.keyboard.press("Control+Space");
    await list.waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type(" cho");
    await page.keyboard.press("Enter"); // the attribute, then its values at once
    await page.getByRole("option", { name: "single-radio" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await editor(page).inputValue()).toContain('toName="text" choice="multiple"');
    await page.keyboard.press("End");
    await page.keyboard.type('><Choice value="a"');
    await page.keyboard.press("Escape");
    await page.keyboard.type("/></");
    await page.keyboard.press("Enter");
    expect(await editor(page).inputValue()).toContain('<Choice value="a"/></Choices>');
    await preview(page).locator('.tag-place[data-tag="Choices"]').waitFor();
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });

  it("marks faults at once, before the server has answered, and keeps showing what was good", async () => {
    const page = await open();
    await write(page, spans, "Labels");
    stage.server.api.delay = 60_000; // longer than anybody waits
    await editor(page).fill(spans.replace('toName="text"', 'toName="txt"'));
    await page.getByText("1 fault to mend").waitFor();
    expect(await page.locator(".code-mirror [data-faulty]").allTextContents()).toEqual(["<Labels"]);
    await page.getByText("Shown is how it was before them.").waitFor();
    await shoot(page, "playground-faulty-light");
    await expectAccessible(page);
    expect(await preview(page).locator('.tag-place[data-tag="Labels"]').count()).toBe(1);

    await page.getByRole("button", { name: /Line 3/ }).click();
    const caret = await editor(page).evaluate((area) => (area as HTMLTextAreaElement).selectionStart);
    expect(spans.slice(caret)).toMatch(/^<Labels/);
    stage.server.api.delay = 0;

    await editor(page).fill("<View><Text");
    await page.getByText(/faults? to mend/).waitFor();
    await editor(page).fill(spans);
    await page.getByText("The config is valid.").waitFor();
    expect(await page.locator(".code-mirror [data-faulty]").count()).toBe(0);
    await page.context().close();
  });

  it("takes what was drawn along while the config is written, and leaves what no longer fits", async () => {
    const page = await open();
    const boxes = (label: string, tag = "RectangleLabels") =>
      `<View><Image name="img" value="$image"/><${tag} name="box" toName="img"><Label value="${label}"/></${tag}></View>`;
    await write(page, boxes("Car"), "RectangleLabels");
    await preview(page).getByRole("button", { name: /Car/ }).click();
    const stageBox = await preview(page).locator(".sl-stage").boundingBox();
    if (!stageBox) throw new Error("no picture");
    const [x, y] = [stageBox.x + stageBox.width / 2, stageBox.y + stageBox.height / 2];
    await expect
      .poll(async () => {
        await page.mouse.move(x - 30, y - 30);
        await page.mouse.down();
        await page.mouse.move(x + 30, y + 30, { steps: 4 });
        await page.mouse.up();
        return (await items(page)).length;
      })
      .toBe(1);
    await shoot(page, "playground-drawn-light");

    await editor(page).fill(boxes("Lorry"));
    await preview(page).getByRole("button", { name: /Lorry/ }).waitFor();
    await expect.poll(() => items(page)).toMatchObject([{ value: { rectanglelabels: ["Car"] } }]);
    await write(page, boxes("Lorry", "EllipseLabels"), "EllipseLabels");
    await expect.poll(() => items(page)).toEqual([]);
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });

  it("shows own data, says where it is no JSON, and begins from predictions in it", async () => {
    const page = await open();
    await write(page, spans, "Labels");
    await preview(page).getByRole("button", { name: "Data of the preview" }).click();
    await page.getByRole("option", { name: "Own data" }).click();
    const own = preview(page).getByLabel("Own data, as JSON");
    expect(JSON.parse(await own.inputValue())).toHaveProperty("text");
    await own.fill('{\n  "text": "Ada in London",\n}');
    await preview(page)
      .getByRole("button", { name: /Line 3/ })
      .waitFor();
    await expectAccessible(page);
    const item = {
      id: "r1",
      from_name: "label",
      to_name: "text",
      type: "labels",
      value: { start: 0, end: 3, text: "Ada", labels: ["Person"] },
    };
    await own.fill(JSON.stringify([{ data: { text: "Ada in London" }, predictions: [{ result: [item] }] }]));
    await preview(page).getByText("Ada in London").waitFor();
    await preview(page).getByRole("button", { name: "Start from it" }).click();
    await expect.poll(() => items(page)).toMatchObject([{ id: "r1", value: { text: "Ada" } }]);
    await preview(page).getByRole("button", { name: "Start over" }).click();
    await expect.poll(() => items(page)).toEqual([]);
    expect(asked.filter((one) => !one.includes("/validate"))).toEqual([]);
    await page.context().close();
  });

  it("runs nothing that own data holds", async () => {
    const page = await open();
    const ran: string[] = [];
    await page.exposeBinding("ran", ({ frame }) => void ran.push(frame.url()));
    await page.context().route("**/ran", (route) => {
      ran.push(route.request().url());
      return route.abort();
    });
    await write(
      page,
      `<View><Text name="t" value="$x"/><HyperText name="h" value="$x"/><Markdown value="$x"/>
        <Paragraphs name="p" value="$talk" layout="dialogue"/><Choices name="c" toName="t" value="$choices"/></View>`,
      "HyperText",
    );
    await preview(page).getByRole("button", { name: "Data of the preview" }).click();
    await page.getByRole("option", { name: "Own data" }).click();
    const x = payloads.join("\n");
    const data = {
      x,
      talk: payloads.map((text) => ({ author: text, text })),
      choices: payloads.map((value) => ({ value, html: value, hint: value })),
    };
    const predictions = [
      {
        model_version: x,
        result: [{ id: x, from_name: "c", to_name: "t", type: "choices", value: { choices: payloads } }],
      },
    ];
    await preview(page).getByLabel("Own data, as JSON").fill(JSON.stringify({ data, predictions }));
    await preview(page).getByRole("button", { name: "Start from it" }).click();
    await preview(page).getByText("Result: 1 item").waitFor();
    await page.waitForTimeout(500); // what is loaded late would run late
    expect(ran).toEqual([]);
    expect(await page.locator("script:not([src])").count()).toBe(0);
    await page.context().close();
  });

  it("moves its bar by key, and puts the preview below where it is narrow", async () => {
    const page = await open();
    const bar = page.getByRole("separator", { name: "Width of the editor" });
    const before = Number(await bar.getAttribute("aria-valuenow"));
    await bar.focus();
    await page.keyboard.press("Shift+ArrowLeft");
    expect(Number(await bar.getAttribute("aria-valuenow"))).toBe(before - 48);
    for (const [width, name] of [
      [900, "narrow"],
      [420, "phone"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await bar.waitFor({ state: "hidden" });
      const [above, below] = [await editor(page).boundingBox(), await preview(page).boundingBox()];
      expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(below?.y ?? 0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await shoot(page, `playground-${name}-light`);
      await expectAccessible(page);
    }
    await page.context().close();
  });

  it("keeps what was written on this device, takes templates, goes back to them, and makes a project", async () => {
    const page = await open();
    await page
      .getByRole("button", { name: "Template" })
      .or(page.getByRole("button", { name: /Start from a template/ }))
      .first()
      .click();
    await page.getByRole("option", { name: "Text classification" }).click();
    await preview(page).getByText("It is a kettle.").waitFor();
    const template = await editor(page).inputValue();
    expect(await page.getByRole("button", { name: "Back to the template" }).count()).toBe(0);
    await editor(page).fill(spans);
    await page.getByRole("button", { name: "Back to the template" }).click();
    expect(await editor(page).inputValue()).toBe(template);
    await page.keyboard.press("Control+z");
    expect(await editor(page).inputValue()).toBe(spans);
    await page.waitForTimeout(700);
    await page.reload();
    await preview(page).locator(".label-work").waitFor();
    expect(await editor(page).inputValue()).toBe(spans);

    await page.getByRole("button", { name: "Create a project from this" }).click();
    await page.getByRole("heading", { name: "New project" }).waitFor();
    expect(await editor(page).inputValue()).toBe(spans);
    await preview(page).locator(".label-work").waitFor();
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });

  it("tells about the tag at the caret", async () => {
    const page = await open();
    await write(page, spans, "Labels");
    await caretBehind(page, "<Labels na");
    await page.keyboard.press("ArrowRight");
    const about = page.locator(".tag-reference");
    await about.getByText("<Labels>").click();
    await about.getByText("Writes results.").waitFor();
    await about.getByText("toName", { exact: true }).waitFor();
    await shoot(page, "playground-about-light");
    await expectAccessible(page);
    await page.context().close();
  });

  it("shows templates of every group of the gallery on data that is made up", async () => {
    const page = await open();
    for (const [index, { id, config }] of firstOfGroups().entries()) {
      const name = `${index} ${id}`;
      await editor(page).fill(config.replace(/<View[^>]*>/, (view) => `${view}<Header value="${name}"/>`));
      await preview(page).getByRole("heading", { name }).waitFor();
      expect(await preview(page).locator(".failed").count(), id).toBe(0);
    }
    expect(stage.problems).toEqual([]);
    await page.context().close();
  }, 120_000);

  for (const locale of ["de", "es", "zh", "ar"])
    it(`speaks ${locale}`, async () => {
      const page = await stage.open("/playground", { settings: { locale } });
      await page.locator(".preview .label-work").waitFor();
      await page.waitForTimeout(600);
      await shoot(page, `playground-${locale}`);
      await expectAccessible(page);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });
});

/** Two of each group; what is shown of the others, `gallery.test.ts` sees on the same screen. */
const firstOfGroups = () =>
  galleryTemplates().filter(
    ({ group }, index, all) => index < 2 + all.findIndex((other) => other.group === group),
  );

describeInBrowser("the preview where projects are made and set", (stage) => {
  it("begins with a template's own sample, and no key in it makes the project", async () => {
    const page = await stage.open("/projects/create");
    await page.getByRole("textbox", { name: "Name" }).fill("Kettles");
    await page.getByRole("radio", { name: /Text classification/ }).check({ force: true });
    await preview(page).getByText("It is a kettle.").waitFor();
    await write(
      page,
      '<View><Header value="$text"/><TextArea name="said" toName="text"/><Text name="text" value="$text"/></View>',
      "TextArea",
    );
    await preview(page).getByRole("heading", { name: "It is a kettle." }).waitFor();
    await preview(page)
      .locator('.tag-place[data-tag="TextArea"]')
      .locator("input, textarea")
      .first()
      .fill("yes");
    await page.keyboard.press("Enter");
    await expect.poll(() => items(page)).toMatchObject([{ from_name: "said", value: { text: ["yes"] } }]);
    await page.keyboard.press("Control+Enter");
    await preview(page)
      .getByRole("button", { name: /Update/ })
      .waitFor();
    expect(new URL(page.url()).pathname).toBe("/projects/create");
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });

  it("begins with the first task of the project, and others can be chosen", async () => {
    const page = await stage.open("/projects/1/settings/labeling", {
      viewport: { width: 1700, height: 1000 },
    });
    await preview(page)
      .getByRole("button", { name: "Data of the preview" })
      .getByText("Task 1000001")
      .waitFor();
    await preview(page).locator(".sl-stage").waitFor();
    await page.waitForTimeout(400);
    for (const theme of ["light", "dark"]) {
      await page.evaluate((value) => document.documentElement.setAttribute("data-theme", value), theme);
      await shoot(page, `settings-preview-${theme}`);
      await expectAccessible(page);
    }
    await preview(page).getByRole("button", { name: "Data of the preview" }).click();
    await page.getByRole("option", { name: "Task 1000003" }).click();
    await preview(page)
      .getByRole("button", { name: "Data of the preview" })
      .getByText("Task 1000003")
      .waitFor();
    expect(
      stage.server.api.calls.filter((call) => !call.startsWith("GET") && !call.includes("validate")),
    ).toEqual([]);
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });
});
