import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../config/xml";
import { registry } from "../../../tags/_contract/registry";
import { marked, markedId, ownId, splitMark, withMark } from "./marks";

const tree = parseConfig(
  `<View><Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>
  <Rectangle name="plain" toName="img"/>
  <Choices name="tone" toName="img"><Choice value="Calm"/></Choices></View>`,
  registry,
);
const place = { x: 1, y: 2, width: 3, height: 4 };

describe("marks", () => {
  it("go into labels and ids, and out again", () => {
    expect(splitMark(withMark("Car", "ada"))).toEqual(["Car", "ada"]);
    expect(splitMark("Car")).toEqual(["Car", ""]);
    expect(ownId(markedId("r1", "ada"))).toBe("r1");
    expect(ownId("r1")).toBe("r1");
  });

  it("are given to every region once, with or without labels, and to relations; answers stay", () => {
    const made = marked(
      tree,
      [
        { id: "a", from_name: "box", type: "rectanglelabels", value: { ...place, rectanglelabels: ["Car"] } },
        { id: "b", from_name: "plain", type: "rectangle", value: place },
        { id: "c", from_name: "tone", type: "choices", value: { choices: ["Calm"] } },
        { type: "relation", from_id: "a", to_id: "b" },
      ],
      "m",
    );

    expect(made.map((item) => [item.type, item.value?.[item.type ?? ""]])).toEqual([
      ["rectanglelabels", [withMark("Car", "m")]],
      ["rectangle", undefined],
      ["choices", ["Calm"]],
      ["relation", undefined],
      ["labels", [withMark("", "m")]],
    ]);
    expect(made[4]?.id).toBe(markedId("b", "m"));
    expect(made[4]?.value).toEqual({ ...place, labels: [withMark("", "m")] });
    expect(made[3]?.from_id).toBe(markedId("a", "m"));
  });
});
