import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../config/xml";
import type { ResultItem } from "../../../store/result";
import { registry } from "../../../tags/_contract/registry";
import { answerText, countByKind, differences } from "./differences";

const tree = parseConfig(
  `<View><Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>
  <Choices name="tone" toName="img"><Choice value="Calm"/></Choices>
  <TextArea name="note" toName="img" perRegion="true"/></View>`,
  registry,
);
const box = (id: string, x: number): ResultItem => ({
  id,
  from_name: "box",
  to_name: "img",
  type: "rectanglelabels",
  value: { x, y: 0, width: 10, height: 10, rectanglelabels: ["Car"] },
});
const note = (id: string, text: string): ResultItem => ({
  id,
  from_name: "note",
  to_name: "img",
  type: "textarea",
  value: { text: [text] },
});
const tone = (id: string, choice: string): ResultItem => ({
  id,
  from_name: "tone",
  to_name: "img",
  type: "choices",
  value: { choices: [choice] },
});

describe("differences", () => {
  it("tell regions that were added, changed and removed, with all their items", () => {
    const before = [box("a", 1), note("a", "old"), box("b", 2), box("c", 3)];
    const after = [box("a", 1), note("a", "new"), box("c", 3), box("d", 4)];

    const { regions, answers } = differences(tree, before, after);

    expect(regions.map(({ kind, id }) => [kind, id])).toEqual([
      ["changed", "a"],
      ["added", "d"],
      ["removed", "b"],
    ]);
    expect(regions[0]?.before).toHaveLength(2);
    expect(countByKind(regions)).toEqual({ added: 1, changed: 1, removed: 1 });
    expect(answers).toEqual([]);
  });

  it("tell answers apart by what they say, not by their ids", () => {
    expect(differences(tree, [tone("x", "Calm")], [tone("y", "Calm")]).answers).toEqual([]);

    const [change] = differences(tree, [tone("x", "Calm")], [tone("y", "Loud")]).answers;

    expect([change?.kind, change?.name]).toEqual(["changed", "tone"]);
    expect([answerText(change?.before), answerText(change?.after)]).toEqual(["Calm", "Loud"]);
  });

  it("tell of relations", () => {
    const relation: ResultItem = { type: "relation", from_id: "a", to_id: "b", labels: ["near"] };

    const [change] = differences(
      tree,
      [box("a", 1), box("b", 2)],
      [box("a", 1), box("b", 2), relation],
    ).answers;

    expect([change?.kind, change?.name, answerText(change?.after)]).toEqual(["added", "relation", "near"]);
    expect(answerText(undefined)).toBe("–");
  });
});
