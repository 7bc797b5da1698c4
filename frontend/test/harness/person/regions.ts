/** How regions are made: spans are marked, shapes are drawn, masks are painted. */
import type { ResultItem } from "../../../src/api/types";
import { objectOf } from "../../../src/config/results";
import type { TagNode } from "../../../src/config/tree";
import type { Hand, Person } from "./person";

/** A place on a picture in percent. */
export type Place = readonly [x: number, y: number];

/** What a person paints for a mask that cannot be told from its pixels: a stroke across the middle. */
export const STROKE: readonly Place[] = [
  [30, 40],
  [50, 50],
  [70, 45],
];

/** Where a person points the wand: at the sun over the harbour. */
export const SUN: Place = [81.7, 15];

const number = (item: ResultItem, key: string) => Number(item.value?.[key] ?? 0);
const objectName = (person: Person, control: TagNode) => objectOf(control, person.tree)?.name ?? "";

/** Points of the screen for places on the picture, which lies fitted with 24 pixels around it. */
async function pointer(person: Person, control: TagNode): Promise<(place: Place) => [number, number]> {
  const stage = person.place(objectName(person, control)).locator('.sl-stage[data-size*=" "]');
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  if (!box) throw new Error("no canvas");
  const [width = 1, height = 1] = ((await stage.getAttribute("data-size")) ?? "").split(" ").map(Number);
  const scale = Math.min((box.width - 48) / width, (box.height - 48) / height);
  const left = box.x + (box.width - width * scale) / 2;
  const top = box.y + (box.height - height * scale) / 2;
  return ([x, y]) => [left + (x / 100) * width * scale, top + (y / 100) * height * scale];
}

async function pull(person: Person, points: readonly [number, number][]): Promise<void> {
  const { mouse } = person.page;
  for (const [index, point] of points.entries()) {
    await mouse.move(...point, { steps: index ? 2 : 1 });
    if (index === 0) await mouse.down();
  }
  await mouse.up();
}

/** Takes up a tool by its key; one with labels is taken up by its label already. */
async function takeUp(person: Person, control: TagNode, key: string): Promise<void> {
  if (!control.schema?.hasLabels) await person.page.keyboard.press(key);
}

const corner = (item: ResultItem, ways: 1 | -1): Place => {
  if (item.value?.radiusX === undefined)
    return ways < 0
      ? [number(item, "x"), number(item, "y")]
      : [number(item, "x") + number(item, "width"), number(item, "y") + number(item, "height")];
  return [
    number(item, "x") + ways * number(item, "radiusX"),
    number(item, "y") + ways * number(item, "radiusY"),
  ];
};

const framed =
  (key: string): Hand =>
  async (person, item, control) => {
    await takeUp(person, control, key);
    const at = await pointer(person, control);
    await pull(person, [at(corner(item, -1)), at(corner(item, 1))]);
    if (number(item, "rotation")) await turn(person, at(middle(item)), number(item, "rotation"));
  };

const middle = (item: ResultItem): Place => [
  (corner(item, -1)[0] + corner(item, 1)[0]) / 2,
  (corner(item, -1)[1] + corner(item, 1)[1]) / 2,
];

/** Selects what lies at a point and turns it by its handle, clockwise, by so many degrees. */
async function turn(person: Person, [x, y]: [number, number], degrees: number): Promise<void> {
  await person.page.keyboard.press("v");
  await person.page.mouse.click(x, y);
  const box = await person.page.locator(".sl-handle.sl-rotate").boundingBox();
  if (!box) throw new Error("there is no handle to turn it by");
  const radius = y - (box.y + box.width / 2);
  const handle = (angle: number): [number, number] => {
    const radians = (angle * Math.PI) / 180;
    return [x + Math.sin(radians) * radius, y - Math.cos(radians) * radius];
  };
  await pull(person, [handle(0), handle(degrees / 2), handle(degrees)]);
}

const clicked =
  (key: string, places: (item: ResultItem) => readonly Place[], ends: boolean): Hand =>
  async (person, item, control) => {
    await takeUp(person, control, key);
    const at = await pointer(person, control);
    for (const place of places(item)) await person.page.mouse.click(...at(place));
    if (ends) await person.page.keyboard.press("Enter");
  };

interface Vertex {
  readonly x: number;
  readonly y: number;
  readonly isBezier: boolean;
  readonly controlPoint2?: { readonly x: number; readonly y: number };
}

/** Points are clicked; a curved one is pulled towards its second handle. */
const vector: Hand = async (person, item, control) => {
  await takeUp(person, control, "l");
  const at = await pointer(person, control);
  for (const { x, y, controlPoint2 } of (item.value?.vertices ?? []) as Vertex[]) {
    const to = controlPoint2 ? at([controlPoint2.x, controlPoint2.y]) : at([x, y]);
    await pull(person, [at([x, y]), to]);
  }
  await person.page.keyboard.press("Enter");
};

const painted: Hand = async (person, _, control) => {
  await takeUp(person, control, "b");
  const at = await pointer(person, control);
  await pull(person, STROKE.map(at));
};

/** What looks like the sun. */
const wand: Hand = async (person, _, control) => {
  await person.page.keyboard.press("w");
  const at = await pointer(person, control);
  await person.page.mouse.click(...at(SUN));
};

/** Marks the words of a span with the mouse, from its first letter to its last. */
export const marked: Hand = async (person, item, control) => {
  const place = person.place(objectName(person, control));
  await place.locator(".span-body, iframe.span-document").waitFor();
  const ends = await place.evaluate(findEnds, item.value as never);
  if (!ends) throw new Error(`no such span: ${JSON.stringify(item.value)}`);
  await pullApart(person, [ends.left + 1, ends.top], [ends.right - 1, ends.bottom]);
};

/**
 * Presses, moves and lets go as the system does: while a button is down, Playwright's own mouse waits for a script in
 * every frame, and in the frame of a document nothing runs.
 */
async function pullApart(person: Person, from: [number, number], to: [number, number]): Promise<void> {
  const session = await person.page.context().newCDPSession(person.page);
  const send = (
    type: "mousePressed" | "mouseMoved" | "mouseReleased",
    [x, y]: [number, number],
    buttons = 1,
  ) => session.send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons, clickCount: 1 });
  await send("mouseMoved", from, 0);
  await send("mousePressed", from);
  await send("mouseMoved", [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
  await send("mouseMoved", to);
  await send("mouseReleased", to, 0);
  await session.detach();
}

/** Runs in the page: where on the screen a span begins and ends. */
function findEnds(place: Element, value: Record<string, unknown>) {
  const frame = place.querySelector("iframe");
  const root = frame ? frame.contentDocument?.body : place.querySelector(".span-body");
  if (!root) return null;
  const document = root.ownerDocument;
  const range = document.createRange();
  const walk = (within: Node, offset: number, points: boolean): [Node, number] | null => {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    let rest = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { data } = node as Text;
      const signs = points ? [...data] : data.split("");
      if (rest <= signs.length) return [node, signs.slice(0, rest).join("").length];
      rest -= signs.length;
    }
    return null;
  };
  const find = (key: "start" | "end"): [Node, number] | null => {
    const at = value[key];
    if (typeof at === "number") return walk(root, at, true);
    const offset = Number(value[`${key}Offset`]);
    const turn = root.querySelectorAll(".turn")[Number(at)];
    if (turn) return walk(turn, offset, false);
    const node = document.evaluate(`.${at}`, root, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
    return node && [node, offset];
  };
  const [start, end] = [find("start"), find("end")];
  if (!start || !end) return null;
  range.setStart(...start);
  range.setEnd(...end);
  root.scrollIntoView({ block: "nearest" });
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last) return null;
  const out = frame?.getBoundingClientRect() ?? { left: 0, top: 0 };
  return {
    left: out.left + first.left,
    top: out.top + first.top + first.height / 2,
    right: out.left + last.right,
    bottom: out.top + last.top + last.height / 2,
  };
}

const points = (item: ResultItem) => item.value?.points as unknown as readonly Place[];
const point = (item: ResultItem): readonly Place[] => [[number(item, "x"), number(item, "y")]];

/** Each with and without labels of its own. */
const both = (name: string, hand: Hand) => [[name, hand] as const, [`${name}Labels`, hand] as const];

export const regions: readonly (readonly [string, Hand])[] = [
  ...both("Rectangle", framed("r")),
  ...both("Ellipse", framed("o")),
  ...both("Polygon", clicked("p", points, true)),
  ...both("KeyPoint", clicked("k", point, false)),
  ...both("Vector", vector),
  ...both("Brush", painted),
  ...both("Bitmask", painted),
  ["MagicWand", wand],
  ["Labels", marked],
  ["HyperTextLabels", marked],
  ["ParagraphLabels", marked],
];
