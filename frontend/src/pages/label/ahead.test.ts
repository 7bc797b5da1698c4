import { describe, expect, test } from "vitest";
import { parseConfig } from "../../config/xml";
import type { MediaAddress } from "../../tags/_contract/contract";
import { registry } from "../../tags/_contract/registry";
import { Ahead } from "./ahead";
import type { LabelTask } from "./backend";
import { mediaOf } from "./media";

const tree = parseConfig(`<View><Image name="i" value="$image" crossOrigin="anonymous"/></View>`, registry);
const history = [1, 2, 3].map((task) => ({ task, annotation: null }));

function setUp() {
  const asked: number[] = [];
  const pictures: MediaAddress[] = [];
  let planned: (() => void) | null = null;
  let broken = false;
  let next: number | null = 9;
  let glimpses = 0;
  const ahead = new Ahead({
    backend: {
      ahead: async () => {
        glimpses += 1;
        if (broken) throw new Error("away");
        return next === null ? null : { id: next, data: { image: `/${next}.png` } };
      },
      task: async (id) => {
        asked.push(id);
        if (broken) throw new Error("away");
        return { id, data: { image: `/${id}.png` } } as unknown as LabelTask;
      },
    },
    fetchMedia: (picture) => pictures.push(picture),
    whenIdle: (run) => {
      planned = run;
      return () => {
        planned = null;
      };
    },
  });
  const rest = async () => {
    planned?.();
    planned = null;
    await new Promise((over) => setTimeout(over));
  };
  return {
    ahead,
    asked,
    pictures,
    rest,
    break: (is: boolean) => (broken = is),
    queue: (id: number | null) => (next = id),
    glimpses: () => glimpses,
  };
}

describe("looking ahead", () => {
  test("fetches the pictures of one task, in the direction one goes", async () => {
    const { ahead, asked, pictures, rest } = setUp();
    ahead.plan(tree, history, { place: 1, direction: -1 });
    await rest();
    expect(asked).toEqual([1]);
    expect(pictures).toEqual([{ url: "/1.png", crossOrigin: "anonymous" }]);
  });

  test("past the history takes the server's word for what comes, and fetches each picture once", async () => {
    const { ahead, asked, pictures, rest, queue, glimpses } = setUp();
    ahead.plan(tree, history, { place: 3, direction: 1 });
    await rest();
    ahead.plan(tree, history, { place: 3, direction: 1 });
    await rest();
    queue(null);
    ahead.plan(tree, history, { place: 3, direction: 1 });
    await rest();
    expect(pictures.map((one) => one.url)).toEqual(["/9.png"]);
    expect([asked, glimpses()]).toEqual([[], 3]);
  });

  test("before the queue's own task, which is here, looks at nothing", async () => {
    const { ahead, pictures, rest, glimpses } = setUp();
    ahead.plan(tree, history, { place: 2, direction: 1 });
    await rest();
    expect([pictures, glimpses()]).toEqual([[], 0]);
  });

  test("without an answer shows nothing of it", async () => {
    const { ahead, pictures, rest, break: breaks } = setUp();
    breaks(true);
    ahead.plan(tree, [], { place: 0, direction: 1 });
    await rest();
    expect(pictures).toEqual([]);
  });

  test("gives a plan up for a newer one, and asks for nothing twice", async () => {
    const { ahead, asked, rest } = setUp();
    ahead.plan(tree, history, { place: 1, direction: -1 });
    ahead.opened(2);
    ahead.plan(tree, history, { place: 0, direction: 1 });
    await rest();
    ahead.plan(tree, history, { place: 1, direction: 1 });
    await rest();
    ahead.plan(tree, history, { place: 1, direction: 1 });
    await rest();
    expect(asked).toEqual([3]);
  });

  test("tries again what failed", async () => {
    const { ahead, asked, rest, break: breaks } = setUp();
    breaks(true);
    ahead.plan(tree, history, { place: 1, direction: 1 });
    await rest();
    breaks(false);
    ahead.plan(tree, history, { place: 1, direction: 1 });
    await rest();
    expect(asked).toEqual([3, 3]);
  });

  test("of pages, takes the first; of no picture, none", () => {
    const pages = parseConfig(`<View><Image name="i" valueList="$pages"/></View>`, registry);
    expect(mediaOf(pages, { pages: ["/a.png", "/b.png"] }).map((one) => one.url)).toEqual(["/a.png"]);
    expect(mediaOf(tree, {})).toEqual([]);
    expect(mediaOf(tree, { image: "/slide.dzi" })).toEqual([]);
  });
});
