/** Every page as people see it: drawn, free of errors, accessible in every theme. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import { expectAccessibleInThemes } from "../harness/themes";

interface Case {
  name: string;
  path: string;
  ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole("heading", { name }).first().waitFor();

const cases: Case[] = [
  { name: "projects", path: "/projects", ready: (page) => page.getByText("Street scenes").waitFor() },
  {
    name: "projects-none-found",
    path: "/projects?q=zebra",
    ready: heading("No project is called “zebra”"),
  },
  {
    name: "create",
    path: "/projects/create",
    ready: async (page) => {
      await page.getByRole("radio", { name: /Object detection/ }).check({ force: true });
      await page.getByText("The config is valid.").waitFor();
    },
  },
  {
    name: "create-faulty",
    path: "/projects/create",
    ready: async (page) => {
      await page.getByRole("radio", { name: /Text classification/ }).check({ force: true });
      await page
        .getByLabel("Labeling config")
        .fill('<View>\n  <Text name="text" value="$text"/>\n  <Choices name="c" toName="txt"/>\n</View>');
      await page.getByText("1 fault to mend").waitFor();
    },
  },
  {
    name: "data",
    path: "/projects/1/data",
    ready: async (page) => {
      await page.getByText("crossing-1.png").first().waitFor();
      await page.waitForTimeout(400);
    },
  },
  {
    name: "data-selected",
    path: "/projects/2/data?page=500&sort=-id",
    ready: async (page) => {
      await page.getByRole("checkbox", { name: "Select task 2050098" }).check();
      await page.getByText("1 selected").waitFor();
    },
  },
  { name: "data-empty", path: "/projects/3/data", ready: heading("No tasks yet") },
  {
    name: "import",
    path: "/projects/3/data?dialog=import",
    ready: heading("Import into Bird song"),
  },
  {
    name: "export",
    path: "/projects/1/data?dialog=export",
    ready: (page) => page.getByText("None yet.").waitFor(),
  },
  { name: "settings", path: "/projects/1/settings", ready: (page) => page.getByLabel("Name").waitFor() },
  {
    name: "settings-labeling",
    path: "/projects/1/settings/labeling",
    ready: (page) => page.getByText("The config is valid.").waitFor(),
  },
  {
    name: "settings-workflow",
    path: "/projects/1/settings/workflow",
    ready: (page) => page.getByText("Nothing: states follow").waitFor(),
  },
  {
    name: "settings-danger",
    path: "/projects/1/settings/danger",
    ready: (page) => page.getByRole("button", { name: "Delete all tasks" }).waitFor(),
  },
  { name: "account", path: "/account", ready: heading("API key") },
  { name: "not-found", path: "/nowhere", ready: heading("There is no such page") },
  {
    name: "palette",
    path: "/projects",
    ready: async (page) => {
      await page.getByText("Street scenes").waitFor();
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Type a command or a project").fill("rev");
      await page.getByRole("option", { name: /Review sentiment/ }).waitFor();
    },
  },
  {
    name: "keys",
    path: "/projects/1/data",
    ready: async (page) => {
      await page.getByText("crossing-1.png").first().waitFor();
      await page.keyboard.press("Shift+?");
      await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
    },
  },
];

describeInBrowser("every page", (stage) => {
  for (const { name, path, ready } of cases) {
    it(`${name} is accessible in light, dark and high contrast`, async () => {
      const page = await stage.open(path, { settings: { theme: "light" } });
      await ready(page);
      await expectAccessibleInThemes(page, name);
      expect(stage.problems).toEqual([]);
      await page.context().close();
    });
  }
});

describeInBrowser("the door", (stage) => {
  it("is accessible in light, dark and high contrast", async () => {
    stage.server.api.signedIn = false;
    const page = await stage.open("/projects", { settings: { theme: "light" } });
    await page.getByRole("heading", { name: "Sign in to Skylabel" }).waitFor();
    await expectAccessibleInThemes(page, "signin");
    expect(stage.problems).toEqual([]);
    await page.context().close();
  });
});
