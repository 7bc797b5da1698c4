import { describe, expect, it } from "vitest";
import { parseConfig } from "../../config/xml";
import { registry } from "../../tags/_contract/registry";
import { rowsOf, takesRest } from "./arrangement";

const root = (inner: string, attributes = "") =>
  parseConfig(`<View ${attributes}>${inner}</View>`, registry).root;
const image = `<Image name="i" value="$i"/>`;
const bar = (name: string) =>
  `<RectangleLabels name="${name}" toName="i"><Label value="A"/></RectangleLabels>`;

describe("an image", () => {
  it.each([
    ["in a plain View", image, "", true],
    ["in Views in Views", `<View>${image}</View>`, "", true],
    ["with a height of its own", `<Image name="i" value="$i" maxHeight="300"/>`, "", false],
    ["in a View with a style", image, 'style="display:flex"', false],
    ["in a View with a class", `<View className="two">${image}</View>`, "", false],
    ["that is none", `<Text name="i" value="$i"/>`, "", false],
  ])("%s", (_, inner, attributes, expected) => {
    expect(takesRest(root(inner, attributes))).toBe(expected);
  });
});

describe("bars of labels", () => {
  it("that follow each other share a row; everything else has its own, in order", () => {
    const rows = rowsOf(root(`${bar("a")}${image}${bar("b")}${bar("c")}<Header value="x"/>`).children);

    expect(rows.map((row) => row.map((node) => node.name ?? node.type))).toEqual([
      ["a"],
      ["i"],
      ["b", "c"],
      ["Header"],
    ]);
  });
});
