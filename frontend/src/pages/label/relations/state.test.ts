import { createRoot } from "solid-js";
import { afterEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../../config/xml";
import { Annotation } from "../../../store/annotation";
import type { ResultItem } from "../../../store/result";
import { registry } from "../../../tags/_contract/registry";
import { LabelHost } from "../host";
import { directionOf } from "./direction";
import { inWords } from "./naming";
import { createRelations } from "./state";

const config = `<View><Labels name="ner" toName="t"><Label value="Person"/><Label value="Place"/></Labels>
  <Relations><Relation value="born in" alias="b"/><Relation value="died in"/></Relations><Text name="t" value="$t"/></View>`;
const span = (id: string, start: number, label: string): ResultItem => ({
  id,
  from_name: "ner",
  to_name: "t",
  type: "labels",
  value: { start, end: start + 3, text: id, labels: [label] },
});
const relation = (from: string, to: string, more: Partial<ResultItem> = {}): ResultItem => ({
  type: "relation",
  from_id: from,
  to_id: to,
  direction: "right",
  ...more,
});
const people = [span("Ada", 0, "Person"), span("Bo", 9, "Person"), span("Oslo", 20, "Place")];

let dispose = () => {};

function opened(results: readonly ResultItem[], readOnly = false) {
  return createRoot((end) => {
    dispose = end;
    const said: string[] = [];
    const host = new LabelHost({
      tree: parseConfig(config, registry),
      taskId: 1,
      data: { t: "Ada and Bo live in Oslo" },
      annotation: new Annotation(results),
      readOnly,
      announce: (message) => said.push(message),
      addKey: () => () => undefined,
    });
    return { host, relations: createRelations(host), said, document: host.annotation.document };
  });
}

afterEach(() => {
  dispose();
  localStorage.clear();
});

describe("the relations of an annotation", () => {
  it("are chosen in the place of regions, and said", () => {
    const { host, relations, said } = opened([...people, relation("Ada", "Oslo", { labels: ["b"] })]);
    host.select(["Ada"]);
    relations.choose(3);
    expect(host.selection()).toEqual([]);
    expect(relations.chosen()).toBe(3);
    expect(said.at(-1)).toBe("Relation 1 of 1: From Person Ada to Place Oslo, born in");
    host.select(["Bo"]);
    expect(relations.chosen()).toBeNull();
  });

  it("one that was made is chosen beside the region that was selected for it", () => {
    const { host, relations, document } = opened([...people, relation("Bo", "Oslo")]);
    host.startRelation("Ada");
    host.select(["Oslo"]);
    expect(document.item(relations.chosen() ?? -1)).toMatchObject({ from_id: "Ada", to_id: "Oslo" });
    expect(host.selection()).toEqual(["Oslo"]);
    host.select(["Bo"]);
    expect(relations.chosen()).toBeNull();
  });

  it("are gone through in a ring, from those of the selected region on", () => {
    const { host, relations } = opened([...people, relation("Ada", "Bo"), relation("Bo", "Oslo")]);
    host.select(["Oslo"]);
    relations.step(1);
    expect(relations.chosen()).toBe(4);
    relations.step(1);
    expect(relations.chosen()).toBe(3);
    relations.step(-1);
    expect(relations.chosen()).toBe(4);
  });

  it("stay chosen while their ends are gone to", () => {
    const { host, relations } = opened([...people, relation("Ada", "Bo")]);
    relations.choose(3);
    relations.goTo("Bo");
    expect(host.selection()).toEqual(["Bo"]);
    expect(relations.chosen()).toBe(3);
  });

  it("are turned, labelled and removed, each undone in a step; other keys stay", () => {
    const strange = relation("Ada", "Bo", { weight: 2.5 } as Partial<ResultItem>);
    const { host, relations, said, document } = opened([...people, strange]);
    relations.choose(3);
    relations.turn(3);
    expect(document.item(3)).toEqual({ ...strange, direction: "left" });
    expect(said.at(-1)).toBe("From Person Bo to Person Ada");
    relations.turn(3);
    expect(said.at(-1)).toBe("Between Person Ada and Person Bo, both ways");
    relations.setLabels(3, ["b", "died in"]);
    expect(said.at(-1)).toBe("Between Person Ada and Person Bo, both ways, born in, died in");
    relations.remove(3);
    expect(relations.list()).toEqual([]);
    expect(relations.chosen()).toBeNull();
    for (let i = 0; i < 4; i += 1) host.annotation.undo();
    document.flush();
    expect(document.results()).toEqual([...people, strange]);
  });

  it("cannot be changed in somebody else's annotation", () => {
    const { relations, document } = opened([...people, relation("Ada", "Bo")], true);
    relations.turn(3);
    relations.setLabels(3, ["b"]);
    relations.remove(3);
    expect(document.results()).toBe(document.loaded);
  });

  it("are the same list as long as nothing of them changed", () => {
    const { host, relations } = opened([...people, relation("Ada", "Bo")]);
    const before = relations.list();
    host.updateRegion("Oslo", { start: 21 });
    expect(relations.list()).toBe(before);
  });

  it("keep on this device whether they are drawn", () => {
    const { relations } = opened(people);
    expect(relations.drawn()).toBe(true);
    relations.setDrawn(false);
    expect(opened(people).relations.drawn()).toBe(false);
  });
});

describe("foreign relations", () => {
  it("point somewhere whatever their direction says", () => {
    expect(directionOf(relation("a", "b", { direction: "up" as never }))).toBe("right");
    expect(directionOf({ type: "relation" })).toBe("right");
  });

  it("are named also without their regions, or with labels that are none", () => {
    const { host } = opened(people);
    expect(inWords(host, relation("Ada", "gone", { labels: "x" as never }))).toBe(
      "From Person Ada to missing region",
    );
  });
});
