/**
 * Stored scripts, wherever people can put text: none runs, none asks the network, and nothing of them becomes an
 * element of the page. Two hundred payloads in every field of every tag that shows data, and around it.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInBrowser } from "../harness/browser";
import type { Routes } from "../harness/fakeApi";
import { ada, project } from "../harness/fixtures";
import { LabelingQueue } from "../harness/labeling";
import { attribute, payloads } from "../harness/payloads";

const lines = payloads.join("\n");
const items = payloads.map((text, id) => ({
  id,
  title: text,
  body: text,
  html: text,
  value: text,
  hint: text,
}));
const talk = payloads.map((text) => ({ author: text, text, start: 1 }));
const choices = payloads.map((text) => ({
  value: text,
  html: text,
  hint: text,
  children: [{ value: `${text} ` }],
}));
const tags = (tag: string, more = "") =>
  payloads.map((text) => `<${tag} value="${attribute(text)}" hint="${attribute(text)}" ${more}/>`).join("");
const css = payloads.map((text) => attribute(`color:red;${text}`));

interface Attack {
  readonly name: string;
  readonly config: string;
  readonly data: Record<string, unknown>;
  readonly result?: readonly object[];
}

const choice = '<Choices name="c" toName="x"><Choice value="a"/></Choices>';
const textOf = (value: unknown, type = "textarea", from = "c") => ({
  id: "r1",
  from_name: from,
  to_name: "x",
  type,
  value,
});

const attacks: readonly Attack[] = [
  { name: "Text", config: `<View><Text name="x" value="$x"/>${choice}</View>`, data: { x: lines } },
  { name: "HyperText", config: `<View><HyperText name="x" value="$x"/>${choice}</View>`, data: { x: lines } },
  {
    name: "HyperText with links",
    config: `<View><HyperText name="x" value="$x" clickableLinks="true"/>${choice}</View>`,
    data: { x: lines },
  },
  {
    name: "Paragraphs",
    config: `<View><Paragraphs name="x" value="$x" layout="dialogue" nameKey="author" textKey="text"/>${choice}</View>`,
    data: { x: talk },
  },
  {
    name: "Choices from data",
    config: '<View><Text name="x" value="$t"/><Choices name="c" toName="x" value="$x"/></View>',
    data: { t: "t", x: choices },
  },
  {
    name: "Labels from data",
    config: '<View><Text name="x" value="$t"/><Labels name="c" toName="x" value="$x"/></View>',
    data: { t: "t", x: choices },
  },
  {
    name: "Taxonomy from data",
    config: '<View><Text name="x" value="$t"/><Taxonomy name="c" toName="x" value="$x"/></View>',
    data: { t: "t", x: choices },
  },
  {
    name: "List and Ranker",
    config: '<View><List name="x" value="$x" title="$t"/><Ranker name="c" toName="x"/></View>',
    data: { x: items, t: lines },
  },
  {
    name: "Table",
    config: `<View><Table name="x" value="$x"/>${choice}</View>`,
    data: { x: Object.fromEntries(payloads.map((text) => [text, text])) },
  },
  {
    name: "Header and Markdown",
    config: `<View><Header value="$h"/><Markdown value="$h"/><Text name="x" value="$h"/>${choice}</View>`,
    data: { h: lines },
  },
  {
    name: "Pairwise",
    config:
      '<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="c" toName="a,b"/></View>',
    data: { a: lines, b: lines },
  },
  ...["javascript:ran(1)", "data:text/html,<script>top.ran(1)</script>", '"><img src=x onerror=ran(1)>'].map(
    (address) => ({
      name: `an Image at ${address}`,
      config: `<View><Image name="x" value="$x"/>${choice}</View>`,
      data: { x: address },
    }),
  ),
  {
    name: "labels of the config",
    config: `<View><Text name="x" value="$t"/><Labels name="c" toName="x">${tags("Label")}</Labels></View>`,
    data: { t: "t" },
  },
  {
    name: "choices of the config",
    config: `<View><Text name="x" value="$t"/><Choices name="c" toName="x">${tags("Choice")}</Choices></View>`,
    data: { t: "t" },
  },
  {
    name: "styles and texts of the config",
    config: `<View style="${css[0]}">${css.map((text) => `<View style="${text}" className="${text}"><Header value="${text}"/></View>`).join("")}
      <Style>${payloads.map((text) => attribute(`.a { color: red; ${text} }`)).join("\n")}</Style>
      <Text name="x" value="$t"/><TextArea name="c" toName="x" placeholder="${attribute(lines)}"/></View>`,
    data: { t: "t" },
  },
  {
    name: "answers and spans of others",
    config:
      '<View><Text name="x" value="$t"/><TextArea name="c" toName="x" maxSubmissions="500"/><Labels name="l" toName="x"><Label value="A"/></Labels></View>',
    data: { t: "some text" },
    result: [
      textOf({ text: payloads }),
      ...payloads.map((text, index) => ({
        ...textOf({ start: 0, end: 4, text, labels: [text] }, "labels", "l"),
        id: `s${index}`,
        meta: { text: [text] },
      })),
    ],
  },
];

const queues = attacks.map((attack, index) => {
  const queue = new LabelingQueue(attack.config, [attack.data], 500 + index, 50_000 + index * 10);
  if (attack.result)
    queue.predictions.set(queue.firstTask, [
      { id: 5, result: attack.result, model_version: lines, score: 0.5 },
    ]);
  return queue;
});

/** What the browser says of what it holds back in the frames of documents, and of addresses that are no pictures. */
const heldBack =
  /^(?:Blocked script execution in 'about:srcdoc'|Unsafe attempt to load URL .* from frame with URL about:srcdoc|Loading the (?:stylesheet|image) 'javascript:)/;

const routes: Routes = {};

describeInBrowser(
  "stored scripts",
  (stage) => {
    let page: Page;
    const ran: string[] = [];
    const asked: string[] = [];

    beforeAll(async () => {
      page = await stage.open("/projects", { viewport: { width: 1280, height: 800 } });
      await page.exposeBinding("ran", ({ frame }) => void ran.push(frame.url()));
      await page.context().route("**/ran", (route) => {
        asked.push(route.request().url());
        return route.abort();
      });
      page.on("dialog", (dialog) => {
        ran.push(dialog.message());
        void dialog.dismiss();
      });
    });
    afterAll(() => page?.context().close());

    async function expectHarmless() {
      await page.waitForTimeout(250); // what is loaded late would run late
      const alive = await page.evaluate(() => {
        const active = /^(?:on|srcdoc$)/;
        const leads = /^(?:href|src|action|formaction|data|xlink:href)$/;
        return [...document.querySelectorAll("*")].flatMap((element) => [
          ...[...element.attributes]
            .filter(
              ({ name, value }) => active.test(name) || (leads.test(name) && /^\s*javascript:/i.test(value)),
            )
            .filter(({ name }) => name !== "srcdoc" || !element.hasAttribute("sandbox"))
            .map(({ name }) => `${element.tagName} ${name}`),
          ...(element.tagName === "SCRIPT" && !(element as HTMLScriptElement).src.startsWith(location.origin)
            ? ["a script"]
            : []),
          ...(element.tagName === "IFRAME" &&
          /allow-scripts/.test(element.getAttribute("sandbox") ?? "allow-scripts")
            ? ["a frame that runs scripts"]
            : []),
        ]);
      });
      expect(alive).toEqual([]);
      expect(ran).toEqual([]);
      expect(asked).toEqual([]);
      const others = stage.problems.splice(0).filter((line) => !heldBack.test(line));
      expect([...new Set(others)]).toEqual([]);
    }

    it("the watch sees a script that runs", async () => {
      await page.evaluate(() => (globalThis as unknown as { ran(one: number): Promise<void> }).ran(1));
      await page.evaluate(() => fetch("/ran").catch(() => null));
      expect(ran.splice(0)).toHaveLength(1);
      expect(asked.splice(0)).toHaveLength(1);
    });

    attacks.forEach((attack, index) => {
      it(`do not run in ${attack.name}`, async () => {
        const queue = queues[index] as LabelingQueue;
        for (const name of Object.keys(routes)) delete routes[name];
        Object.assign(routes, queue.routes());
        await page.goto(`${stage.server.url}/projects/${queue.id}/label`);
        if (attack.result) await page.getByRole("button", { name: "Start from it" }).click();
        await page.locator(".label-work .tag-place").first().waitFor();
        await expectHarmless();
      });
    });

    it("do not run in names, titles, instructions, column names and files", async () => {
      const person = {
        ...ada,
        first_name: lines,
        last_name: lines,
        email: String(payloads[11]),
        avatar: "javascript:ran(1)",
      };
      const evil = project({
        id: 600,
        title: lines,
        description: lines,
        expert_instruction: lines,
        show_instruction: true,
        color: '#fff"><script>ran(1)</script>',
        label_config: '<View><Text name="x" value="$x"/></View>',
        created_by: person,
        task_number: 1,
        model_version: lines,
      });
      const rows = payloads.map((text, id) => ({
        id: 900 + id,
        inner_id: id,
        project: 600,
        data: { [text]: text, x: text },
        annotations: [],
        predictions: [],
        drafts: [],
        annotators: [],
        file_upload: text,
        storage_filename: text,
      }));
      for (const name of Object.keys(routes)) delete routes[name];
      Object.assign(routes, {
        "GET /api/current-user/whoami": () => ({ body: person }),
        "GET /api/projects": () => ({ body: { count: 1, next: null, previous: null, results: [evil] } }),
        "GET /api/projects/600": () => ({ body: evil }),
        "GET /api/tasks": () => ({
          body: { tasks: rows, total: rows.length, total_annotations: 0, total_predictions: 0 },
        }),
      } satisfies Routes);
      for (const path of [
        "/projects",
        "/projects/600/data",
        "/projects/600/settings/general",
        "/projects/600/label",
      ]) {
        await page.goto(stage.server.url + path);
        await page.locator("main, .label-screen").first().waitFor();
        await expectHarmless();
      }
    });

    it("and no attribute of an address sends people elsewhere after signing in", async () => {
      for (const next of [
        "javascript:ran(1)",
        "//evil.example/x",
        "https://evil.example",
        "/\\evil.example",
      ]) {
        await page.goto(`${stage.server.url}/signin?next=${encodeURIComponent(next)}`);
        await page.waitForTimeout(300);
        expect(new URL(page.url()).origin).toBe(stage.server.url);
        await expectHarmless();
      }
    });
  },
  { routes },
);
