/** Relations as arrows: where they are, that they follow, how one is chosen, changed, removed, and what is stored. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser, expectAccessible, type OpenOptions, type Stage, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";
import { landscape } from "../harness/png";

const size = { width: 480, height: 320 };
const shared = { to_name: "img", original_width: 480, original_height: 320, image_rotation: 0 };

const box = (id: string, x: number, y: number, width: number, height: number): ResultItem => ({
  ...shared,
  id,
  from_name: "box",
  type: "rectanglelabels",
  value: { x, y, width, height, rotation: 0, rectanglelabels: ["Car"] },
});
const relation = (from: string, to: string, more: object = {}): ResultItem =>
  ({ type: "relation", from_id: from, to_id: to, direction: "right", ...more }) as ResultItem;

const onPicture = `<View>
  <RectangleLabels name="box" toName="img"><Label value="Car" background="#d93a3a"/></RectangleLabels>
  <KeyPointLabels name="dot" toName="img"><Label value="Wheel" background="#2e9e4f"/></KeyPointLabels>
  <Relations><Relation value="follows" background="#c02d8f"/><Relation value="near"/></Relations>
  <Image name="img" value="$image" rotateControl="true"/></View>`;
const image = { image: "/data/media/1.png" };

const routesOf = (queue: LabelingQueue) => ({
  ...queue.routes(),
  "GET /data/media/:name": () => ({
    headers: { "Content-Type": "image/png" },
    body: landscape(1, size.width, size.height),
  }),
});

let drafts = 0;

/** A queue whose task has these results as a draft. */
function queueWith(config: string, data: Record<string, unknown>, result: readonly ResultItem[], id: number) {
  const queue = new LabelingQueue(config, [data], id, id * 100);
  drafts += 1;
  queue.drafts.set(drafts, {
    id: drafts,
    task: queue.firstTask,
    result,
    annotation: null,
    user: "ada@example.com",
  } as never);
  return queue;
}

async function open(stage: Stage, queue: LabelingQueue, options: OpenOptions = {}): Promise<Page> {
  const page = await stage.open(`/projects/${queue.id}/label`, options);
  await page.locator(".relation-chosen, .relation-row").first().waitFor();
  return page;
}

/** Gives the screen point of percents of the picture, which is shown fitted with 24 pixels around it. */
async function pointer(page: Page): Promise<(x: number, y: number) => [number, number]> {
  const stage = await page.locator(".sl-stage").boundingBox();
  if (stage === null) throw new Error("no canvas");
  const scale = Math.min((stage.width - 48) / size.width, (stage.height - 48) / size.height);
  const left = stage.x + (stage.width - size.width * scale) / 2;
  const top = stage.y + (stage.height - size.height * scale) / 2;
  return (x, y) => [left + (x / 100) * size.width * scale, top + (y / 100) * size.height * scale];
}

interface Drawn {
  /** Where the line begins and ends on the screen. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** The tips of heads. */
  readonly tips: readonly (readonly [number, number])[];
}

/** The arrows drawn together, as they are on the screen. */
function arrows(page: Page, within = ""): Promise<Drawn[]> {
  return page.evaluate((scope) => {
    const read = (path: SVGPathElement | null, pattern: RegExp) => {
      const matrix = path?.getScreenCTM();
      const pieces = (path?.getAttribute("d") ?? "").split(/(?=M)/).filter(Boolean);
      return pieces.map((piece) => {
        const numbers = [...piece.matchAll(pattern)].map(([found]) => Number(found));
        const at = (i: number): [number, number] => {
          const p = new DOMPoint(numbers[i], numbers[i + 1]).matrixTransform(matrix ?? undefined);
          return [p.x, p.y];
        };
        return [at(0), at(numbers.length - 2)] as const;
      });
    };
    const number = /-?\d+(?:\.\d+)?/g;
    return [...document.querySelectorAll<SVGPathElement>(`${scope} .arrows-many .arrow-line`)].flatMap(
      (line) => {
        const tips = read(line.nextElementSibling as SVGPathElement, number).map(([tip]) => tip);
        return read(line, number).map(([from, to]) => ({ from, to, tips }));
      },
    );
  }, within);
}

const frames = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

function near(
  found: readonly [number, number] | undefined,
  [x, y]: readonly [number, number],
  slack = 4,
): void {
  expect(Math.hypot((found?.[0] ?? -1e9) - x, (found?.[1] ?? -1e9) - y)).toBeLessThan(slack);
}

const cars = [box("a", 10, 40, 20, 20), box("b", 60, 40, 20, 20)];
const pictured = queueWith(onPicture, image, [...cars, relation("a", "b", { labels: ["follows"] })], 801);

describeInBrowser(
  "a relation on a picture",
  (stage) => {
    it("is an arrow from edge to edge that follows zoom, turn and drag", async () => {
      const page = await open(stage, pictured);
      const at = await pointer(page);
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      const [first] = await arrows(page);
      near(first?.from, at(30, 50));
      near(first?.tips[0], at(60, 50));
      await page.locator(".arrow-pill", { hasText: "follows" }).waitFor();
      await shoot(page, "relations-picture");

      const [x, y] = at(30, 50);
      await page.mouse.move(x, y + 60);
      await page.mouse.wheel(0, -300);
      await frames(page);
      const [zoomed] = await arrows(page);
      expect((zoomed?.tips[0]?.[0] ?? 0) - (zoomed?.from[0] ?? 0)).toBeGreaterThan(
        ((first?.tips[0]?.[0] ?? 0) - (first?.from[0] ?? 0)) * 1.3,
      );
      await page.keyboard.press("Alt+0");
      await page.keyboard.press("Alt+.");
      await frames(page);
      const [turned] = await arrows(page);
      expect(Math.abs((turned?.from[0] ?? 0) - (turned?.tips[0]?.[0] ?? 1e9))).toBeLessThan(2);
      await page.keyboard.press("Alt+,");
      await frames(page);

      // While it is being dragged, not only when it is let go.
      await page.mouse.click(...at(15, 45));
      await page.mouse.move(...at(20, 50));
      await page.mouse.down();
      await page.mouse.move(...at(22, 60), { steps: 3 });
      await page.mouse.move(...at(20, 75), { steps: 3 });
      await frames(page);
      const [dragged] = await arrows(page);
      expect(dragged?.from[1]).toBeGreaterThan((first?.from[1] ?? 0) + 20);
      await shoot(page, "relations-picture-dragged");
      await page.mouse.up();
      await frames(page);
      near((await arrows(page))[0]?.from, dragged?.from ?? [0, 0], 1);
      await page.keyboard.press("Control+z");
      await expect.poll(async () => (await arrows(page))[0]?.from[1]).toBeCloseTo(first?.from[1] ?? 0, 0);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(pictured) },
);

const fresh = queueWith(onPicture.replace(/<Relations>.*<\/Relations>/, ""), image, cars, 807);

describeInBrowser(
  "a relation that is made by mouse",
  (stage) => {
    it("brings its list and its arrow along, which were not fetched before, and is sent", async () => {
      const page = await stage.open(`/projects/${fresh.id}/label`);
      await page.locator('.sl-stage[data-size*=" "]').waitFor();
      await page.getByRole("button", { name: "Account and theme" }).waitFor();
      await page.waitForLoadState("networkidle");
      const ofRelations = () =>
        page.evaluate(() =>
          performance
            .getEntriesByType("resource")
            .flatMap(({ name }) => /\/(?:Arrows|relations)-[^/]*\.js/.exec(name)?.[0] ?? []),
        );
      expect(await ofRelations()).toEqual([]);
      expect(await page.locator(".arrows").count()).toBe(0);

      const at = await pointer(page);
      await page.mouse.click(...at(15, 45));
      await page.getByRole("button", { name: "Relate" }).click();
      await page.mouse.click(...at(75, 55));
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      expect((await ofRelations()).length).toBe(2);
      const [arrow] = await arrows(page);
      near(arrow?.from, at(30, 50));
      near(arrow?.tips[0], at(60, 50));
      await page.getByRole("heading", { name: "Relations 1" }).waitFor();
      await page.keyboard.press("Control+z");
      await page.locator(".arrows").waitFor({ state: "detached" });
      await page.keyboard.press("Control+Shift+z");
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();
      expect(fresh.sent[0]?.input.result).toEqual([...cars, relation("a", "b")]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(fresh) },
);

const many = queueWith(
  onPicture,
  image,
  [
    ...cars,
    box("c", 62, 44, 8, 8),
    {
      ...shared,
      id: "d",
      from_name: "dot",
      type: "keypointlabels",
      value: { x: 20, y: 85, width: 1, keypointlabels: ["Wheel"] },
    },
    relation("a", "b", { labels: ["follows"] }),
    relation("b", "a", { direction: "bi" }),
    relation("b", "c"),
    relation("d", "a", { direction: "left", labels: ["near"] }),
  ],
  802,
);

describeInBrowser(
  "several relations on a picture",
  (stage) => {
    const said = (page: Page) => page.locator(".label-screen > [role=status]").textContent();

    it("are chosen by mouse, turned, labelled, removed, and all of it undone", async () => {
      const page = await open(stage, many);
      const at = await pointer(page);
      await expect.poll(async () => (await arrows(page)).length).toBe(4);
      await shoot(page, "relations-many");
      await page.mouse.move(...at(45, 50));
      const arrow = page.locator(".arrow-pill", { hasText: "follows" });
      const pill = await arrow.boundingBox();
      const [x, y] = [(pill?.x ?? 0) + (pill?.width ?? 0) + 12, (pill?.y ?? 0) + (pill?.height ?? 0) / 2 + 2];
      await page.mouse.move(x, y);
      await page.locator(".arrows-lit .arrow-line").waitFor();
      expect(await page.locator(".relation-row[data-pointed]").count()).toBe(1);
      await shoot(page, "relations-pointed");
      await page.mouse.down();
      await page.mouse.up();
      const row = page.getByRole("option", { selected: true });
      await row.waitFor();
      expect(await row.locator(".visually-hidden").textContent()).toMatch(/^From Car .* to Car .*, follows$/);
      await expect.poll(() => said(page)).toMatch(/^Relation 1 of 4: From Car /);
      await shoot(page, "relations-chosen");

      await page.getByRole("button", { name: /Change the direction/ }).click();
      await expect.poll(() => said(page)).toMatch(/^From Car 60.* to Car 10/);
      await page.getByRole("button", { name: "near" }).click();
      await page.locator(".arrow-pill", { hasText: "follows, near" }).waitFor();
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Control+z");
      await expect
        .poll(() => row.locator(".visually-hidden").textContent())
        .toMatch(/^From Car 10.*, follows$/);
      await page.keyboard.press("Delete");
      await expect.poll(async () => (await arrows(page)).length).toBe(3);
      expect(await page.locator(".regions h2").textContent()).toContain("4");
      await page.keyboard.press("Control+z");
      await expect.poll(async () => (await arrows(page)).length).toBe(4);
      await page.mouse.move(...at(50, 5));
      await page.keyboard.press("Escape");
      await row.waitFor({ state: "detached" });
      expect(await page.locator(".arrows-lit .arrow-line").count()).toBe(0);

      // While the other end of a new one is asked for, a press is no arrow's.
      await page.mouse.click(...at(12, 42));
      await page.keyboard.press("Alt+r");
      await page.mouse.click(x, y);
      await frames(page);
      expect(await row.count()).toBe(0);
      await page.keyboard.press("Escape");
      expect(stage.problems).toEqual([]);
    });

    it("hide with their regions, and all of them by a switch that is kept", async () => {
      const page = await open(stage, many);
      await expect.poll(async () => (await arrows(page)).length).toBe(4);
      await page
        .getByRole("button", { name: /^Hide Car/ })
        .last()
        .click({ force: true });
      await expect.poll(async () => (await arrows(page)).length).toBe(3);
      await page.getByRole("button", { name: "Show all" }).click();
      await expect.poll(async () => (await arrows(page)).length).toBe(4);

      await page.keyboard.press("Alt+Shift+R");
      await page.locator(".arrows").waitFor({ state: "detached" });
      await expect.poll(() => said(page)).toBe("Arrows hidden");
      await page.reload();
      await page.locator(".relation-row").first().waitFor();
      expect(await page.locator(".arrows").count()).toBe(0);
      const fetched = await page.evaluate(
        () => performance.getEntriesByType("resource").filter(({ name }) => /\/Arrows-/.test(name)).length,
      );
      expect(fetched).toBe(0);
      await page.getByRole("button", { name: /Show the arrows/ }).click();
      await expect.poll(async () => (await arrows(page)).length).toBe(4);
      await page.keyboard.press("Shift+?");
      await page.getByRole("dialog").getByText("Show the arrows of relations").waitFor();
      expect(stage.problems).toEqual([]);
    });

    for (const theme of ["light", "dark", "contrast"])
      it(`are accessible in ${theme}`, async () => {
        const page = await open(stage, many, { settings: { theme } });
        await page.keyboard.press("Shift+]");
        await page.getByRole("option", { selected: true }).waitFor();
        await shoot(page, `relations-${theme}`);
        await expectAccessible(page);
      });
  },
  { routes: routesOf(many) },
);

const letter =
  "Ada Lovelace wrote to Charles Babbage from London. He answered on 12 July 1843, and the Royal Society printed her notes a month later, which Augustus read in Cambridge.";
const span = (text: string, at: string, label: string, from = 0): ResultItem => {
  const start = text.indexOf(at, from);
  const value = { start, end: start + at.length, text: at, labels: [label] };
  return { id: `${at} ${start}`, from_name: "ner", to_name: "text", type: "labels", value } as ResultItem;
};
const link = (a: ResultItem, b: ResultItem, more: object = {}) => relation(String(a.id), String(b.id), more);
const onText = `<View><Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Relations><Relation value="wrote to"/><Relation value="lives in"/></Relations>
  <Text name="text" value="$text"/></View>`;

const [ada, babbage, london, augustus] = [
  span(letter, "Ada Lovelace", "Person"),
  span(letter, "Charles Babbage", "Person"),
  span(letter, "London", "Place"),
  span(letter, "Augustus", "Person"),
];
const written = queueWith(
  onText,
  { text: letter },
  [
    ada,
    babbage,
    london,
    augustus,
    link(ada, babbage, { labels: ["wrote to"] }),
    link(babbage, london),
    link(ada, augustus, { labels: ["lives in"], direction: "bi" }),
  ],
  803,
);

const hebrew = "עדה לאבלייס כתבה אל צארלס באבג מלונדון. הוא ענה ביולי, והחברה המלכותית הדפיסה את הערותיה.";
const [first, second] = [span(hebrew, "עדה לאבלייס", "Person"), span(hebrew, "מלונדון", "Place")];
const rightToLeft = queueWith(
  onText.replace("<Text ", '<Text style="direction: rtl" '),
  { text: hebrew },
  [first, second, link(first, second, { labels: ["lives in"] })],
  804,
);

/** The box of a piece of the text on the screen. */
const boxOf = (page: Page, words: string) =>
  page.evaluate((wanted) => {
    const frame = document.querySelector("iframe");
    const inner = frame?.contentDocument ?? document;
    const root = inner.querySelector(frame ? "body" : ".span-body") as Element;
    const walker = inner.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const start = node.data.indexOf(wanted);
      if (start < 0) continue;
      const range = inner.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + wanted.length);
      const { left, top, right, bottom } = range.getBoundingClientRect();
      const outer = frame?.getBoundingClientRect() ?? { left: 0, top: 0 };
      return {
        left: left + outer.left,
        right: right + outer.left,
        top: top + outer.top,
        bottom: bottom + outer.top,
      };
    }
    throw new Error(`no ${wanted}`);
  }, words);

type Box = Awaited<ReturnType<typeof boxOf>>;

/** That a place is right below or above a box, within its width. */
function touches([x, y]: readonly [number, number] = [-1, -1], box: Box): void {
  expect(x).toBeGreaterThanOrEqual(box.left);
  expect(x).toBeLessThanOrEqual(box.right);
  expect(Math.min(Math.abs(y - box.bottom), Math.abs(y - box.top))).toBeLessThan(6);
}

describeInBrowser(
  "relations of a text",
  (stage) => {
    it("run between their spans, also when lines break elsewhere or the page scrolls", async () => {
      const page = await open(stage, written);
      await expect.poll(async () => (await arrows(page)).length).toBe(3);
      await shoot(page, "relations-text");
      const check = async () => {
        const [met, lives] = await arrows(page);
        touches(met?.from, await boxOf(page, "Ada Lovelace"));
        touches(met?.tips[0], await boxOf(page, "Charles Babbage"));
        touches(lives?.tips[1], await boxOf(page, "London"));
      };
      await check();
      await page.setViewportSize({ width: 760, height: 240 });
      await frames(page);
      await frames(page);
      await check();
      await page.locator(".label-scroll").evaluate((scroll) => scroll.scrollTo(0, 60));
      await frames(page);
      await check();
      expect(stage.problems).toEqual([]);
    });

    it("are chosen by a press, while words beneath are marked as ever", async () => {
      const page = await open(stage, written);
      await expect.poll(async () => (await arrows(page)).length).toBe(3);
      const pill = await page.locator(".arrow-pill", { hasText: "wrote to" }).boundingBox();
      const [x, y] = [(pill?.x ?? 0) + 10, (pill?.y ?? 0) + 8];
      await page.mouse.move(x, y);
      await page.locator(".arrows-lit .arrow-line").waitFor();
      await page.mouse.down();
      await page.mouse.up();
      await page.getByRole("option", { selected: true, name: /Ada Lovelace.*Charles Babbage/ }).waitFor();
      await shoot(page, "relations-text-chosen");

      // The same place, pulled: words are marked.
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 120, y, { steps: 4 });
      await page.mouse.up();
      expect((await page.evaluate(() => String(getSelection()))).length).toBeGreaterThan(3);
      expect(stage.problems).toEqual([]);
    });

    it("are made, turned, labelled, removed and sent with the keyboard alone", async () => {
      const page = await open(stage, written, { settings: { theme: "dark" } });
      const said = () => page.locator(".label-screen > [role=status]").textContent();
      for (let i = 0; i < 3; i += 1) await page.keyboard.press("]");
      await page.keyboard.press("Alt+r");
      await page.keyboard.press("]");
      await page
        .getByRole("option", { selected: true, name: "From Place London to Person Augustus" })
        .waitFor();
      await expect.poll(async () => (await arrows(page)).length).toBe(4);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Shift+]");
      await expect
        .poll(said)
        .toMatch(/^Relation 1 of 4: From Person Ada Lovelace to Person Charles Babbage, wrote to/);
      await page.keyboard.press("Shift+]");
      await expect.poll(said).toMatch(/^Relation 2 of 4: From Person Charles Babbage to Place London/);
      await page.getByRole("button", { name: /Change the direction/ }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(said).toMatch(/^From Place London to Person Charles Babbage/);
      await page.keyboard.press("Enter");
      await expect.poll(said).toMatch(/both ways/);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await expect.poll(said).toMatch(/both ways, lives in$/);
      await shoot(page, "relations-text-dark");
      await expectAccessible(page);
      await page.keyboard.press("Shift+]");
      await page.keyboard.press("Delete");
      await expect.poll(said).toBe("Relation removed");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();

      const sent = written.sent[0]?.input.result ?? [];
      expect(sent.slice(4)).toEqual([
        link(ada, babbage, { labels: ["wrote to"] }),
        link(babbage, london, { direction: "bi", labels: ["lives in"] }),
        link(london, augustus),
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(written) },
);

describeInBrowser(
  "relations of a text from right to left",
  (stage) => {
    it("run between their spans, and are listed in the page's direction", async () => {
      const page = await open(stage, rightToLeft, { settings: { locale: "ar", theme: "dark" } });
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      await shoot(page, "relations-rtl");
      const [arrow] = await arrows(page);
      touches(arrow?.from, await boxOf(page, "עדה לאבלייס"));
      touches(arrow?.tips[0], await boxOf(page, "מלונדון"));
      expect(arrow?.from[0]).toBeGreaterThan(arrow?.tips[0]?.[0] ?? 1e9);
      const sign = page.locator(".relation-chosen .relation-sign");
      expect(await sign.evaluate((node) => getComputedStyle(node).scale)).toBe("-1 1");
      await expectAccessible(page);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(rightToLeft) },
);

const place = (path: string, text: string): object => ({
  start: path,
  startOffset: 0,
  end: path,
  endOffset: text.length,
});
const marked = (id: string, value: object): ResultItem =>
  ({
    id,
    from_name: "ner",
    to_name: "doc",
    type: "hypertextlabels",
    value: { ...value, hypertextlabels: ["Person"] },
  }) as ResultItem;
const framed = queueWith(
  `<View><HyperTextLabels name="ner" toName="doc"><Label value="Person"/></HyperTextLabels>
   <HyperText name="doc" value="$html"/></View>`,
  { html: "<p><b>Ada</b> met</p><p>somebody in</p><p>the <i>Society</i></p>" },
  [
    marked("x", place("/p[1]/b[1]/text()[1]", "Ada")),
    marked("y", place("/p[3]/i[1]/text()[1]", "Society")),
    relation("x", "y"),
  ],
  806,
);

describeInBrowser(
  "relations of a page",
  (stage) => {
    it("run over its frame, and are chosen there", async () => {
      const page = await open(stage, framed, { settings: { theme: "dark" } });
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      await shoot(page, "relations-html");
      const [arrow] = await arrows(page);
      touches(arrow?.from, await boxOf(page, "Ada"));
      touches(arrow?.tips[0], await boxOf(page, "Society"));
      const [a, b] = [arrow?.from ?? [0, 0], arrow?.tips[0] ?? [0, 0]];
      await page.mouse.click((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      await page.getByText(/^Relation 1 of 1: From Person/).waitFor({ state: "attached" });
      await page.keyboard.press("Delete");
      await page.locator(".arrows").waitFor({ state: "detached" });
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(framed) },
);

const both = queueWith(
  `<View><RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>
   <Labels name="ner" toName="text"><Label value="Person"/></Labels>
   <View style="display: flex; gap: 12px"><Image name="img" value="$image"/>
   <View style="width: 300px"><Text name="text" value="$text"/></View></View></View>`,
  { ...image, text: letter },
  [...cars, babbage, relation("b", String(babbage.id)), relation("a", "b")],
  805,
);

describeInBrowser(
  "a relation between a picture and a text",
  (stage) => {
    it("runs across both", async () => {
      const page = await open(stage, both);
      const across = async () => (await arrows(page, ".label-work > .arrows"))[0];
      await expect.poll(across).toBeDefined();
      await shoot(page, "relations-across");
      const first = await across();
      const at = await pointer(page);
      near(first?.from, [first?.from[0] ?? 0, at(60, 40)[1]]);
      touches(first?.tips[0], await boxOf(page, "Babbage"));

      // It follows the picture, down to where its region leaves it: then it begins at the border.
      await page.mouse.move(...at(45, 90));
      await page.mouse.down({ button: "middle" });
      await page.mouse.move(...at(45, 110), { steps: 4 });
      await frames(page);
      expect((await across())?.from[1]).toBeGreaterThan((first?.from[1] ?? 0) + 40);
      // Panning the picture asks nothing of the text.
      const asked = await page.evaluate(async () => {
        const { getClientRects } = Range.prototype;
        let count = 0;
        Range.prototype.getClientRects = function (this: Range) {
          count += 1;
          return getClientRects.call(this);
        };
        const stage = document.querySelector(".sl-stage") as HTMLElement;
        for (let i = 0; i < 5; i += 1) {
          stage.dispatchEvent(new WheelEvent("wheel", { deltaX: 4, shiftKey: true, cancelable: true }));
          await new Promise(requestAnimationFrame);
        }
        Range.prototype.getClientRects = getClientRects;
        return count;
      });
      expect(asked).toBe(0);
      await page.mouse.up({ button: "middle" });
      await page.mouse.move(...at(50, 10));
      for (let i = 0; i < 8; i += 1) await page.mouse.wheel(0, -400);
      await frames(page);
      const stageBox = await page.locator(".sl-stage").boundingBox();
      const zoomed = await across();
      expect(zoomed?.from[0]).toBeLessThanOrEqual((stageBox?.x ?? 0) + (stageBox?.width ?? 0) + 3);
      expect(zoomed?.from[1]).toBeLessThanOrEqual((stageBox?.y ?? 0) + (stageBox?.height ?? 0) + 3);
      await page.keyboard.press("Alt+0");
      await frames(page);

      const now = await across();
      const [x, y] = [now?.from[0] ?? 0, now?.from[1] ?? 0];
      // Beside the picture the arrow is nobody's but its own.
      const line = page.locator(".label-work > .arrows .arrows-many .arrow-line");
      const middle = await line.evaluate((node) => {
        const path = node as SVGPathElement;
        const p = path
          .getPointAtLength(path.getTotalLength() * 0.7)
          .matrixTransform(path.getScreenCTM() ?? undefined);
        return [p.x, p.y];
      });
      expect(Math.hypot((middle[0] ?? 0) - x, (middle[1] ?? 0) - y)).toBeGreaterThan(20);
      await page.mouse.move(middle[0] ?? 0, middle[1] ?? 0);
      await page.locator(".label-work > .arrows .arrows-lit .arrow-line").waitFor();
      await page.mouse.down();
      await page.mouse.up();
      await page.getByRole("option", { selected: true, name: /to Person Charles/ }).waitFor();
      await page.keyboard.press("Delete");
      await page.locator(".label-work > .arrows").waitFor({ state: "detached" });
      await page.keyboard.press("Control+z");
      await expect.poll(across).toBeDefined();
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();
      expect(both.sent[0]?.input.result?.slice(3)).toEqual([
        relation("b", String(babbage.id)),
        relation("a", "b"),
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: routesOf(both) },
);
