import { afterEach, describe, expect, it } from "vitest";
import { bowed, pointOn } from "../../../canvas/geometry/arrows";
import type { Direction } from "./direction";
import { type Arrow, ArrowLayer } from "./layer";

const arrow = (slot: number, y: number, more: Partial<Arrow> = {}): Arrow => ({
  slot,
  curve: bowed({ from: { x: 0, y }, to: { x: 200, y } }),
  direction: "right",
  label: "",
  color: undefined,
  middle: 0.5,
  ...more,
});

function layer(): ArrowLayer {
  return new ArrowLayer(document.body, "text");
}
const find = (selector: string) => [...document.body.querySelectorAll<HTMLElement>(selector)];
const places = () => find(".arrow-pill").map((pill) => pill.style.transform);

afterEach(() => document.body.replaceChildren());

describe("a layer of arrows", () => {
  it("has as many nodes for hundreds as for one of each colour", () => {
    const made = layer();
    made.rest([arrow(0, 0), arrow(1, 20, { color: "red" })]);
    const few = find("*").length;
    made.rest(Array.from({ length: 300 }, (_, i) => arrow(i, i * 20, { color: i % 2 ? "red" : undefined })));
    expect(find("*").length).toBe(few);
    made.rest([]);
    expect(find(".arrow-line").length).toBe(0);
  });

  it.each<[Direction, readonly string[]]>([
    ["right", ["M200.0 0.0"]],
    ["left", ["M0.0 0.0"]],
    ["bi", ["M200.0 0.0", "M0.0 0.0"]],
  ])("has heads where it points: %s", (direction, tips) => {
    layer().rest([arrow(0, 0, { direction })]);
    const path = find(".arrow-head")[0]?.getAttribute("d") ?? "";
    expect(path.match(/M[^L]*/g)).toEqual(tips);
  });

  it("finds what is under the pointer, near it, also by its label", () => {
    const made = layer();
    made.rest([arrow(7, 0), arrow(8, 100, { label: "near" })]);
    const at = pointOn(arrow(7, 0).curve, 0.25);
    expect(made.at({ x: at.x, y: at.y + 4 })).toBe(7);
    expect(made.at({ x: at.x, y: at.y + 10 })).toBeNull();
    expect(made.at({ x: at.x, y: at.y + 10 }, true)).toBe(7);
    const label = pointOn(arrow(8, 100).curve, 0.5);
    expect(made.at({ x: label.x + 15, y: label.y + 8 })).toBe(8);
  });

  it("lets some stand out in paths of their own, and takes them back", () => {
    const made = layer();
    made.rest([arrow(7, 0), arrow(8, 50)]);
    made.light([8]);
    expect(find(".arrows-lit g").map((node) => node.dataset.slot)).toEqual(["8"]);
    expect(made.element.hasAttribute("data-lit")).toBe(true);
    made.light([]);
    expect(find(".arrows-lit g")).toEqual([]);
    expect(made.element.hasAttribute("data-lit")).toBe(false);
  });

  it("moves labels apart and off what is occupied, and leaves out those that do not fit", () => {
    const made = layer();
    made.rest([arrow(0, 0, { label: "near" }), arrow(1, 4, { label: "near" })]);
    expect(new Set(places()).size).toBe(2);
    const usual = places()[0];
    const middle = pointOn(arrow(0, 0).curve, 0.5);
    made.rest([arrow(0, 0, { label: "near" })], [{ at: middle, width: 30 }]);
    expect(places()).not.toEqual([usual]);
    const short = {
      ...arrow(2, 0),
      curve: bowed({ from: { x: 0, y: 0 }, to: { x: 30, y: 0 } }),
      label: "near",
    };
    made.rest([short]);
    expect(places()).toEqual([]);
    made.light([2]);
    expect(places().length).toBe(1);
  });

  it("stands below what it is told to, and leaves nothing behind", () => {
    const over = document.body.appendChild(document.createElement("div"));
    const made = new ArrowLayer(document.body, "paper", over);
    expect(made.element.nextElementSibling).toBe(over);
    made.dispose();
    expect(document.body.children.length).toBe(1);
  });
});
