import { createMemo, createRoot } from "solid-js";
import { afterEach, describe, expect, test } from "vitest";
import { parseConfig } from "../../config/xml";
import { Annotation } from "../../store/annotation";
import type { ResultItem } from "../../store/result";
import { registry } from "../../tags/_contract/registry";
import { LabelHost } from "./host";
import { applyDefaults, applySubmitDefaults, findMissing, resultsToSend } from "./submission";

const config = `<View>
  <Image name="img" value="$image"/><Text name="txt" value="$text"/>
  <Rectangle name="box" toName="img"/>
  <Labels name="kind" toName="img"><Label value="Car"/><Label value="Person" alias="P"/></Labels>
  <Labels name="ner" toName="txt" choice="multiple"><Label value="A"/><Label value="B"/></Labels>
  <TextArea name="ocr" toName="img" perRegion="true" required="true"/>
  <Choices name="ok" toName="txt"><Choice value="Yes"/><Choice value="No" selected="true"/></Choices>
  <View visibleWhen="choice-selected" whenTagName="ok" whenChoiceValue="Yes"><Choices name="why" toName="txt" required="true"><Choice value="X"/></Choices></View>
  <Number name="count" toName="txt" defaultValue="3"/>
</View>`;
const tree = parseConfig(config, registry);
const node = (name: string) => {
  const found = tree.byName.get(name);
  if (!found) throw new Error(name);
  return found;
};

let stop = () => {};
afterEach(() => stop());

function hostOver(results: readonly ResultItem[] = [], of = tree): LabelHost {
  let ids = 0;
  const annotation = new Annotation(results, { newId: () => `n${++ids}` });
  return createRoot((dispose) => {
    stop = dispose;
    return new LabelHost({
      tree: of,
      taskId: 1,
      data: {},
      annotation,
      readOnly: false,
      announce: () => {},
      addKey: () => () => {},
    });
  });
}
const results = (host: LabelHost) => host.annotation.document.results();

const box: ResultItem = {
  id: "r",
  from_name: "box",
  to_name: "img",
  type: "rectangle",
  original_width: 800,
  original_height: 600,
  image_rotation: 0,
  value: { x: 1, y: 2, width: 3, height: 4, rotation: 0 },
  strange: true,
};

describe("the host", () => {
  test("an unlabeled tool and a list of labels make two items of one region", () => {
    const host = hostOver();
    host.pickLabel(node("kind"), "P");
    host.addRegion(node("box"), { x: 1, y: 2, width: 3, height: 4 }, { original_width: 800 });
    expect(results(host)).toEqual([
      {
        original_width: 800,
        id: "n1",
        from_name: "box",
        to_name: "img",
        type: "rectangle",
        origin: "manual",
        value: { x: 1, y: 2, width: 3, height: 4 },
      },
      {
        original_width: 800,
        id: "n1",
        from_name: "kind",
        to_name: "img",
        type: "labels",
        origin: "manual",
        value: { x: 1, y: 2, width: 3, height: 4, labels: ["P"] },
      },
    ]);
    expect(host.labelTitle("P", "img")).toBe("Person");
  });

  test("an answer for a region repeats its place and its picture's size; taking it back removes the item", () => {
    const host = hostOver([box]);
    host.select(["r"]);
    host.setValue(node("ocr"), { text: ["hi"] });
    const { value, id, original_width } = results(host)[1] as ResultItem;
    expect({ value, id, original_width }).toEqual({
      value: { x: 1, y: 2, width: 3, height: 4, rotation: 0, text: ["hi"] },
      id: "r",
      original_width: 800,
    });
    expect(results(host)[0]).toBe(box);
    host.setValue(node("ocr"), null);
    expect(results(host)).toEqual([box]);
    host.annotation.undo();
    host.annotation.undo();
    expect(results(host)[0]).toBe(box);
  });

  test("an answer for a page goes to the page that is shown", () => {
    const of = parseConfig(
      `<View><Image name="img" valueList="$u"/><Number name="count" toName="img" perItem="true"/></View>`,
      registry,
    );
    const host = hostOver([], of);
    const count = of.byName.get("count");
    if (!count) throw new Error("no such control");
    const target = createRoot(() => createMemo(() => host.valueTarget(count)));
    expect(target()).toEqual({ item: 0 });
    host.annotation.setPlace({ item: 1 });
    expect(target()).toEqual({ item: 1 });
  });

  test("changing an answer keeps the keys nobody knows", () => {
    const item = {
      id: "c",
      from_name: "ok",
      to_name: "txt",
      type: "choices",
      extra: 1,
      value: { choices: ["Yes"], more: 2 },
    };
    const host = hostOver([item]);
    host.setValue(node("ok"), { choices: ["No"] });
    expect(results(host)).toEqual([{ ...item, value: { choices: ["No"], more: 2 } }]);
  });

  test("labels: single replaces, multiple toggles, a selected region is relabeled", () => {
    const host = hostOver();
    host.pickLabel(node("ner"), "A");
    host.pickLabel(node("ner"), "B");
    expect(host.activeLabels(node("ner"))).toEqual(["A", "B"]);
    const id = host.addRegion(node("ner"), { start: 0, end: 1 });
    host.select([id]);
    host.pickLabel(node("ner"), "A");
    expect(host.region(id)?.labels).toEqual(["B"]);
    host.select([]);
    host.pickLabel(node("kind"), "Car");
    host.pickLabel(node("kind"), "P");
    expect(host.activeLabels(node("kind"))).toEqual(["P"]);
  });

  test("a locked region is neither moved, relabeled nor deleted", () => {
    const host = hostOver([{ ...box, readonly: true }]);
    host.updateRegion("r", { x: 9 });
    host.removeRegions(["r"]);
    expect(results(host)[0]?.value).toEqual(box.value);
  });
});

describe("what is sent", () => {
  const why: ResultItem = {
    id: "w",
    from_name: "why",
    to_name: "txt",
    type: "choices",
    value: { choices: ["X"] },
  };
  const ok = (choice: string): ResultItem => ({
    id: "o",
    from_name: "ok",
    to_name: "txt",
    type: "choices",
    value: { choices: [choice] },
  });
  const foreign: ResultItem = {
    id: "f",
    from_name: "gone",
    to_name: "gone",
    type: "mystery",
    value: { a: 1 },
  };

  test("answers ruled out by other answers stay behind; foreign results go as they are", () => {
    const off = hostOver([ok("No"), why, foreign]);
    expect(resultsToSend(off, results(off))).toEqual([ok("No"), foreign]);
    stop();
    const on = hostOver([ok("Yes"), why, foreign]);
    expect(resultsToSend(on, results(on))).toBe(results(on));
  });

  test("answers to a region stay behind once its label is another", () => {
    const of = parseConfig(
      `<View><Text name="txt" value="$t"/><Labels name="ner" toName="txt"><Label value="A"/><Label value="B"/></Labels>
      <Choices name="sort" toName="txt" perRegion="true" whenLabelValue="A"><Choice value="X"/></Choices></View>`,
      registry,
    );
    const span = (label: string): ResultItem => ({
      id: "s",
      from_name: "ner",
      to_name: "txt",
      type: "labels",
      value: { start: 0, end: 1, labels: [label] },
    });
    const sort: ResultItem = { ...why, id: "s", from_name: "sort" };
    const asked = hostOver([span("A"), sort], of);
    expect(resultsToSend(asked, results(asked))).toEqual([span("A"), sort]);
    stop();
    const unasked = hostOver([span("B"), sort], of);
    expect(resultsToSend(unasked, results(unasked))).toEqual([span("B")]);
  });

  test("required answers are asked for where they are shown, region by region", () => {
    const host = hostOver([ok("Yes"), box]);
    expect(findMissing(host).map((one) => [one.control.name, one.region])).toEqual([
      ["ocr", "r"],
      ["why", undefined],
    ]);
  });

  test("choices within choices are chosen by default as paths", () => {
    const of = parseConfig(
      `<View><Text name="txt" value="$t"/><Choices name="n" toName="txt" allowNested="true" choice="multiple">
      <Choice value="A" selected="true"><Choice value="A1" alias="one" selected="true"/></Choice></Choices></View>`,
      registry,
    );
    const host = hostOver([], of);
    applyDefaults(host);
    expect(results(host)[0]?.value).toEqual({ choices: [["A"], ["A", "one"]] });
  });

  test("new annotations start with what is chosen by default; numbers have their default on submit", async () => {
    const host = hostOver();
    applyDefaults(host);
    expect(results(host).map((item) => item.value)).toEqual([{ choices: ["No"] }]);
    applySubmitDefaults(host, new Map([["Number", await registry.load("Number")]]));
    expect(results(host).map((item) => item.value)).toEqual([{ choices: ["No"] }, { number: 3 }]);
  });
});
