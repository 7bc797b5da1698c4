/** What people come to do, from the first key to the last answer. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { failure } from "../harness/fakeApi";
import { makeJob } from "../harness/fakeJobs";
import { password } from "../harness/fixtures";
import { landscape } from "../harness/png";

const grid = (page: Page) => page.getByRole("grid", { name: "Tasks" });

async function signIn(page: Page, word = password): Promise<void> {
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password").fill(word);
  await page.getByRole("button", { name: "Sign in" }).click();
}

describeInBrowser("signing in", (stage) => {
  it("leads back to where one wanted to go", async () => {
    stage.server.api.signedIn = false;
    const page = await stage.open("/projects/1/settings/danger?x=1");

    await signIn(page, "wrong");
    await page.getByText("The email or the password is wrong.").waitFor();
    await signIn(page);

    await page.getByRole("heading", { name: "Danger zone" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/projects/1/settings/danger");
  });

  it("again, when the session has run out, loses nothing on the page", async () => {
    stage.server.api.signedIn = true;
    const page = await stage.open("/projects/1/settings");
    await page.getByLabel("Name").fill("Street scenes, autumn");
    // What comes when all is quiet asks the server too, and would meet the end of the session first.
    await page.waitForLoadState("networkidle");
    stage.server.api.signedIn = false;

    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Please sign in again" }).waitFor();
    await shoot(page, "expired");
    await expectAccessible(page);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();

    await page.getByRole("heading", { name: "Please sign in again" }).waitFor({ state: "detached" });
    expect(await page.getByLabel("Name").inputValue()).toBe("Street scenes, autumn");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect(stage.server.api.projects.get(1)?.title).toBe("Street scenes, autumn");
  });

  it("out leads to the door", async () => {
    stage.server.api.signedIn = true;
    const page = await stage.open("/projects");
    await page.getByRole("button", { name: "Account and theme" }).click();
    await shoot(page, "user-menu");
    await page.getByRole("menuitem", { name: "Sign out" }).click();

    await page.getByRole("heading", { name: "Sign in to Skylabel" }).waitFor();
    expect(stage.server.api.signedIn).toBe(false);
  });
});

describeInBrowser("whoever signs in next", (stage) => {
  it("sees nothing of what was fetched for the one before", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects");
    await page.getByText("Street scenes").waitFor();
    await page.getByRole("button", { name: "Account and theme" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Skylabel" }).waitFor();
    api.projects.clear();
    await signIn(page);

    await page
      .getByRole("heading", { name: "Your first project starts here" })
      .or(page.getByText("Street scenes"))
      .first()
      .waitFor();
    expect(await page.getByText("Street scenes").count()).toBe(0);
  });
});

describeInBrowser("a new project", (stage) => {
  it("is made by keyboard alone, and takes files through a bad connection", async () => {
    const page = await stage.open("/projects");
    await page.getByText("Street scenes").waitFor();

    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "New project" }).waitFor();
    await page.keyboard.type("Kettles in the wild");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("boxes");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.getByText("The config is valid.").waitFor();
    await shoot(page, "create-by-keys");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Import into Kettles in the wild" }).waitFor();

    stage.server.api.uploadFailures = 1;
    await page.locator('input[type="file"]').setInputFiles([
      { name: "kettles.csv", mimeType: "text/csv", buffer: Buffer.from("image\na.png\n") },
      { name: "more.json", mimeType: "application/json", buffer: Buffer.from("[]") },
    ]);
    await shoot(page, "import-chosen");
    await page.getByRole("button", { name: "Import 2 files" }).click();
    await page.getByText("600 tasks are ready.").waitFor({ timeout: 20_000 });
    await shoot(page, "import-done");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Done" }).click();

    await page.getByText(/of 600 tasks/).waitFor();
    expect(stage.server.api.received).toHaveLength(2);
    expect(stage.problems).toEqual([]);
  });

  it("is refused with the fault at its field", async () => {
    const page = await stage.open("/projects/create");
    await page.getByRole("textbox", { name: "Name" }).fill("  x  ");
    await page.getByRole("button", { name: "Create and import data" }).click();

    await page.getByText("Ensure this field has at least 3 characters.").waitFor();
    expect(await page.getByRole("textbox", { name: "Name" }).getAttribute("aria-invalid")).toBe("true");
  });

  it("can be deleted only by its name", async () => {
    const page = await stage.open("/projects");
    await page.getByRole("button", { name: "More for Bird song" }).click();
    await page.getByRole("menuitem", { name: "Delete project" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete project" });

    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel(/Type “Bird song”/).fill("Bird song");
    await shoot(page, "delete-project");
    await confirm.click();

    await page.getByText("Bird song was deleted.").waitFor();
    await page.getByRole("link", { name: "Bird song" }).waitFor({ state: "detached" });
    expect(stage.server.api.projects.has(3)).toBe(false);
  });
});

describeInBrowser("an import", (stage) => {
  it("can be looked at first, with what is wrong, and then leaves out what cannot be read", async () => {
    const page = await stage.open("/projects/3/data?dialog=import");
    await page.getByRole("radio", { name: "Web addresses" }).check({ force: true });
    await page.getByLabel("Addresses of files, one a line").fill("https://example.com/tasks.csv");
    await page.getByRole("button", { name: "Check first" }).click();

    await page.getByRole("heading", { name: "300 tasks would be imported" }).waitFor();
    await page.getByText("tasks.csv, line 7").waitFor();
    await shoot(page, "import-checked");
    await expectAccessible(page);
    const start = page.getByRole("dialog").getByRole("button", { name: "Import", exact: true });
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole("radio", { name: "Skip what cannot be read" }).check({ force: true });
    await start.click();

    await page.getByText("300 tasks are ready.").waitFor();
    expect(stage.problems).toEqual([]);
  });

  it("and an export say in the dark what they do", async () => {
    const page = await stage.open("/projects/3/data?dialog=import", { settings: { theme: "dark" } });
    await page.getByRole("radio", { name: "Web addresses" }).check({ force: true });
    await page.getByLabel("Addresses of files, one a line").fill("https://example.com/tasks.csv");
    await page.getByRole("button", { name: "Check first" }).click();
    await page.getByRole("heading", { name: "300 tasks would be imported" }).waitFor();
    await shoot(page, "import-checked-dark");
    await page.goto(new URL("/projects/3/data?dialog=export", page.url()).href);
    await page.getByRole("radio", { name: "Most agreed" }).check({ force: true });
    await shoot(page, "export-dark");
    await expectAccessible(page);
  });
});

describeInBrowser("the table of tasks", (stage) => {
  it("shows 100,000 tasks with few rows and few requests, and the address says where one is", async () => {
    const page = await stage.open("/projects/2/data");
    await page.getByText("2000001").waitFor();
    const before = stage.server.api.calls.filter((call) => call === "GET /api/tasks/").length;

    await grid(page).focus();
    await page.keyboard.press("End");
    await page.getByText("2100000").waitFor();

    const asked = stage.server.api.calls.filter((call) => call === "GET /api/tasks/").length - before;
    expect(asked).toBeLessThanOrEqual(3);
    expect(await page.getByRole("row").count()).toBeLessThanOrEqual(50);
    await expect.poll(() => new URL(page.url()).searchParams.get("page")).toBe("1000");
    await page.reload();
    await page.getByText("2099901").waitFor();
    expect(stage.problems).toEqual([]);
  });

  it("stays where its address says, however late the people to choose from come", async () => {
    const page = await stage.open("/projects");
    let come: () => void = () => undefined;
    const late = new Promise<void>((done) => {
      come = done;
    });
    await page.route("**/api/users/**", async (route) => {
      await late;
      await route.continue();
    });
    await page.goto(new URL("/projects/2/data?page=1000", page.url()).href);
    const chooser = page.getByRole("button", { name: /^Assigned to/ });
    await chooser.waitFor();
    come();
    await page.getByText("2099901").waitFor();
    await chooser.click();
    await page.getByRole("option", { name: /Ada Lovelace/ }).waitFor();

    expect(new URL(page.url()).searchParams.get("page")).toBe("1000");
  });

  it("keeps what is ticked while one pages and sorts by address, and opens a task by Enter", async () => {
    const page = await stage.open("/projects/2/data");
    await page.getByText("2000001").waitFor();
    await grid(page).focus();

    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByText("3 selected").waitFor();
    await page.keyboard.press("End");
    await page.getByText("2100000").waitFor();
    await page.keyboard.press("Home");
    await page.getByText("2000001").waitFor();

    expect(await page.getByRole("checkbox", { name: "Select task 2000003" }).isChecked()).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/projects/2/data/2000001");
  });

  it("keeps what is ticked while one sorts by a press, and unticks all in another project", async () => {
    const page = await stage.open("/projects/1/data");
    await page.getByText("crossing-1.png").first().waitFor();
    const toProject = async (name: string) => {
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Type a command or a project").fill(name);
      await page.getByRole("option", { name: new RegExp(name) }).click();
    };
    await toProject("Review sentiment");
    await page.getByText("2000001").waitFor();
    await toProject("Street scenes");
    await page.getByText("crossing-1.png").first().waitFor();

    await page
      .getByRole("checkbox", { name: /^Select task/ })
      .nth(1)
      .check();
    await page.getByRole("button", { name: "ID", exact: true }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("id");
    await page.getByText("1 selected").waitFor();

    await page.getByRole("checkbox", { name: "Select all tasks" }).check();
    await toProject("Review sentiment");
    await page.getByText("2000001").waitFor();
    expect(await page.getByText(/ selected$/).count()).toBe(0);
  });

  it("follows the deletion of very many, and shows what is left when it is done", async () => {
    const { api } = stage.server;
    const page = await stage.open("/projects/2/data");
    await page.getByText("2000001").waitFor();
    await page.getByRole("button", { name: /^Jobs/ }).waitFor();
    await page.route("**/api/dm/actions/**", (route) => {
      const { id: job } = makeJob(api, { kind: "task_action", project: 2, created_by: 1 });
      return route.fulfill({ status: 202, json: { processed_items: 0, job, state: "queued" } });
    });
    await page.getByRole("checkbox", { name: "Select task 2000002" }).check();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();

    await page.getByText("An action on tasks finished.").waitFor();
  });

  it("deletes many only when their number is typed", async () => {
    const page = await stage.open("/projects/4/data?show=todo");
    await page.getByText(/of 628 tasks/).waitFor();
    await page.getByRole("checkbox", { name: "Select all tasks" }).check();
    await page.getByRole("button", { name: "Delete" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete" });

    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Type 628 to confirm").fill("628");
    await confirm.click();

    // The fake knows no filters in actions: it deletes what is ticked of all.
    await page.getByText(/tasks were deleted/).waitFor();
    await page.getByText("No task is in this state").waitFor();
  });

  it("shows only what is to do when asked, and the address says so", async () => {
    const page = await stage.open("/projects/1/data", { settings: {} });
    await page.getByText("crossing-1.png").first().waitFor();
    await page.getByRole("radio", { name: "To do" }).check({ force: true });
    await page.getByText("crossing-1613.png").first().waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBe("todo");
  });

  it("shows the tasks of one state of the workflow, in the order of states, and the address says so", async () => {
    stage.server.api.workflows.set(1, { preset: "review", tasks: { labeled: 1612, accepted: 0 } });
    const page = await stage.open("/projects/1/data");
    await page.getByText("crossing-1.png").first().waitFor();
    await page
      .locator(".tools-state")
      .getByRole("button", { name: /^State/ })
      .click();
    await shoot(page, "data-states");
    await page.getByRole("option", { name: "To do" }).click();
    await page.getByText("crossing-1613.png").first().waitFor();
    expect(new URL(page.url()).searchParams.get("state")).toBe("unlabeled");
    await shoot(page, "data-state");
    await expectAccessible(page);

    await page
      .locator(".tools-state")
      .getByRole("button", { name: /^State/ })
      .click();
    await page.getByRole("option", { name: /Accepted/ }).click();
    await page.getByText("No task is in this state").waitFor();
    await page.getByRole("button", { name: "Show all tasks" }).click();
    await page.getByText("crossing-1.png").first().waitFor();
    await page.getByRole("button", { name: "State", exact: true }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("state");
    expect(stage.problems).toEqual([]);
  });

  it("chooses columns, and remembers them on this device", async () => {
    const page = await stage.open("/projects/1/data");
    await page.getByText("crossing-1.png").first().waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await shoot(page, "columns");
    await page.getByRole("menuitemcheckbox", { name: "camera" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "camera" }).waitFor({ state: "detached" });

    await page.goto(`${stage.server.url}/projects/1/data`);
    await page.getByText("crossing-1.png").first().waitFor();
    expect(await page.getByRole("columnheader", { name: "camera" }).count()).toBe(0);
  });
});

describeInBrowser("an export", (stage) => {
  it("is made, watched and downloaded, and stays in the list", async () => {
    const page = await stage.open("/projects/1/data?dialog=export");
    await page.getByRole("radio", { name: /^CSV/ }).check();
    const download = page.waitForEvent("download", { timeout: 20_000 });
    await page.getByRole("button", { name: "Export", exact: true }).last().click();
    await page.getByRole("progressbar").first().waitFor();
    await shoot(page, "export-running");

    expect((await download).suggestedFilename()).toBe("project.csv");
    await page.getByRole("link", { name: /^Download project-1/ }).waitFor();
    await shoot(page, "export-done");
    await expectAccessible(page);
    expect(stage.problems).toEqual([]);
  });

  it("that fails says so, and may be asked for again", async () => {
    const { jobs } = stage.server.api;
    const page = await stage.open("/projects/1/data?dialog=export");
    await page.getByRole("radio", { name: /^JSON, short/ }).check();
    const start = page.getByRole("button", { name: "Export", exact: true }).last();
    await start.click();
    await page.getByRole("progressbar").first().waitFor();
    for (const job of jobs.values()) if (job.kind === "export") jobs.set(job.id, { ...job, state: "failed" });

    await page
      .getByRole("alert")
      .getByText(/failed/)
      .waitFor();
    expect(await start.isEnabled()).toBe(true);
    expect(await start.getAttribute("aria-busy")).not.toBe("true");
  });

  it("is told of when it is ready, also where its window was closed before", async () => {
    const page = await stage.open("/projects/1/data?dialog=export");
    await page.getByRole("radio", { name: /^CSV/ }).check();
    await page.getByRole("button", { name: "Export", exact: true }).last().click();
    await page.getByRole("progressbar").first().waitFor();
    await page.getByRole("button", { name: "Close" }).last().click();

    await page.getByText("Export finished.").waitFor();
  });

  it("holds what was asked for: labels, people, days, agreement", async () => {
    const page = await stage.open("/projects/1/data?dialog=export");
    const asked = page.waitForRequest(
      (request) => request.method() === "POST" && /exports/.test(request.url()),
    );
    await page.getByText("More filters", { exact: true }).click();
    await page.getByRole("checkbox", { name: "Car" }).check();
    await page.getByRole("checkbox", { name: "Grace Hopper" }).check();
    await page.getByLabel("Annotated from").fill("2026-11-01");
    await page.getByLabel("Agreement at least (%)").fill("80");
    await page.getByRole("checkbox", { name: "With skipped annotations" }).check();
    await page.getByText("More filters: 5 are on").waitFor();
    await shoot(page, "export-filters");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Export", exact: true }).last().click();

    expect((await asked).postDataJSON()).toEqual({
      export_type: "JSON",
      task_filter_options: { only_with_annotations: true, labels: ["Car"], agreement_from: 0.8 },
      annotation_filter_options: {
        usual: true,
        ground_truth: true,
        skipped: true,
        which: "all",
        annotators: [2],
        created_from: "2026-11-01T00:00:00.000Z",
      },
    });
  });
});

let refusals = 3;
describeInBrowser(
  "a list that fails",
  (stage) => {
    it("says so and offers another try, which works", async () => {
      const page = await stage.open("/projects");

      await page.getByText("The database is resting.").waitFor();
      await shoot(page, "failed");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("No projects here").or(page.getByText("Your first project starts here")).waitFor();
      await shoot(page, "projects-empty");
      await expectAccessible(page);
    });
  },
  {
    routes: {
      "GET /api/projects": () => {
        refusals -= 1;
        if (refusals >= 0) return failure(503, "The database is resting.");
        return { body: { count: 0, next: null, previous: null, results: [] } };
      },
    },
  },
);

describeInBrowser("other screens", (stage) => {
  it("speak Arabic from right to left, accessibly", async () => {
    const page = await stage.open("/projects", { settings: { locale: "ar" } });
    await page.getByText("Street scenes").waitFor();

    expect(await page.evaluate(() => document.documentElement.dir)).toBe("rtl");
    await shoot(page, "projects-ar");
    await expectAccessible(page);
    await page.goto(`${stage.server.url}/projects/1/data`);
    await page.getByText("crossing-1.png").first().waitFor();
    await shoot(page, "data-ar");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it("fit a phone without scrolling sideways", async () => {
    for (const path of ["/projects", "/projects/create", "/projects/1/settings", "/account"]) {
      const page = await stage.open(path, { viewport: { width: 390, height: 780 } });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForTimeout(300);
      await shoot(page, `phone${path.replaceAll("/", "-")}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      await page.context().close();
    }
  });

  it("hold high contrast", async () => {
    const page = await stage.open("/projects", { settings: { theme: "contrast" } });
    await page.getByText("Street scenes").waitFor();
    await shoot(page, "projects-contrast");
    await expectAccessible(page);
  });
});

describeInBrowser("somebody who may not make projects", (stage) => {
  it("is not offered to, by button, key or command", async () => {
    stage.server.api.user = { ...stage.server.api.user, permissions: [] };
    stage.server.api.projects.clear();
    const page = await stage.open("/projects");
    await page.getByRole("heading", { name: "No projects yet" }).waitFor();
    await shoot(page, "projects-none-light");
    await expectAccessible(page);
    expect(await page.getByText("New project").count()).toBe(0);

    await page.keyboard.press("n");
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Type a command or a project").fill("new");
    await page.getByText("No matches").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/projects");
    expect(stage.problems).toEqual([]);
  });
});

describeInBrowser("somebody who only looks", (stage) => {
  const openAsViewer = async (path: string) => {
    const page = await stage.open("/projects");
    await page.route("**/api/projects/*/access/", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), your_role: "viewer" } });
    });
    await page.goto(new URL(path, page.url()).href);
    return page;
  };

  it("is offered nothing with tasks that would be refused, by button, key or address", async () => {
    const page = await openAsViewer("/projects/1/data?dialog=import");
    await page.getByText("crossing-1.png").first().waitFor();
    await page
      .getByRole("checkbox", { name: /^Select task/ })
      .first()
      .check();
    await page.getByText("1 selected").waitFor();
    const refused = /^(Import|Export|Label all tasks|Delete|Assign…)$/;
    await expect.poll(() => page.getByRole("button", { name: refused }).count()).toBe(0);
    for (const key of ["Delete", "a", "e", "i"]) await page.keyboard.press(key);
    expect(await page.getByRole("dialog").count()).toBe(0);
    await shoot(page, "data-viewer");
    await expectAccessible(page);

    await page.goto(new URL("/projects/3/data", page.url()).href);
    await page.getByText("No tasks yet").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Import" }).count()).toBe(0);
    await shoot(page, "data-viewer-none");
    expect(stage.problems).toEqual([]);
  });

  it("sees how the project is set, and is given nothing to change", async () => {
    const page = await openAsViewer("/projects/1/settings/general");
    await page.getByText("Its managers can change it.").waitFor();
    for (const field of ["Name", "Order of tasks"])
      expect(await page.getByLabel(field).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Danger zone" }).count()).toBe(0);
    await shoot(page, "settings-viewer");
    await expectAccessible(page);
    await page.goto(new URL("/projects/1/settings/labeling", page.url()).href);
    await page.getByText("The config is valid.").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    expect(stage.problems).toEqual([]);
  });
});

describeInBrowser("one's own picture", (stage) => {
  it("is chosen, made small, shown in the bar, and removed", async () => {
    const page = await stage.open("/account");
    const asked = page.waitForRequest((request) => request.url().endsWith("/avatar/"));
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from(landscape(2, 900, 700)) });
    const sent = await asked;
    await page.locator(".bar .avatar img").waitFor();
    await shoot(page, "account-picture-light");
    await expectAccessible(page);
    expect(sent.headers()["content-type"]).toContain("multipart/form-data");
    expect(sent.postDataBuffer()?.length ?? 0).toBeLessThan(300_000);

    await page.getByRole("button", { name: "Remove the picture" }).click();
    await page.locator(".bar .avatar img").waitFor({ state: "detached" });
    await page.locator('input[type="file"]').setInputFiles({
      name: "no.png",
      mimeType: "image/png",
      buffer: Buffer.from("no picture"),
    });
    await page.getByText("This file cannot be read as a picture.").waitFor();
    expect(stage.problems).toEqual([]);
  });
});
