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

describeInBrowser(
  "relations of a text",
  (stage) => {
    it("run between their spans", async () => {
      const page = await open(stage, written);
      await expect.poll(async () => (await arrows(page)).length).toBe(3);
      await shoot(page, "relations-text");
    });
  },
  { routes: routesOf(written) },
);

describeInBrowser(
  "relations of a text from right to left",
  (stage) => {
    it("run between their spans", async () => {
      const page = await open(stage, rightToLeft, { settings: { locale: "ar", theme: "dark" } });
      await expect.poll(async () => (await arrows(page)).length).toBe(1);
      await shoot(page, "relations-rtl");
    });
  },
  { routes: routesOf(rightToLeft) },
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
      await expect.poll(async () => (await arrows(page, ".label-work > .arrows")).length).toBe(1);
      await shoot(page, "relations-across");
    });
  },
  { routes: routesOf(both) },
);
