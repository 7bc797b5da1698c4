import { describe, expect, test } from "vitest";
import { registry } from "../tags/_contract/registry";
import { readAttribute } from "./attributes";
import { type ConfigError, nearest } from "./faults";
import { assignHotkeys, parseHotkey } from "./hotkeys";
import { findItem, itemsOf } from "./items";
import { assignColors, PALETTE } from "./palette";
import { summarizeConfig } from "./parsed";
import { expandRepeaters } from "./repeater";
import { missingAnswers } from "./required";
import type { TagCatalog, TagSchema } from "./schema";
import { validateConfig } from "./validate";
import { lookUp, resolveText, variableName } from "./variables";
import { isVisible, type VisibilityState } from "./visibility";
import { parseConfig } from "./xml";

const schema = (name: string, role: TagSchema["role"], more: Partial<TagSchema> = {}): TagSchema => ({
  name,
  role,
  attrs: {},
  resultTypes: [],
  doc: name,
  ...more,
});
const flag = { type: "boolean", default: false, doc: "" } as const;
const group = { required: flag, perRegion: flag, perItem: flag, value: { type: "value", doc: "" } } as const;
const known = [
  schema("View", "visual"),
  schema("Header", "visual", { content: "text", attrs: { size: { type: "number", default: 4, doc: "" } } }),
  schema("Text", "object"),
  schema("HyperText", "object", { content: "markup" }),
  schema("Image", "object"),
  schema("Labels", "control", { makesRegions: true, hasLabels: true, objects: ["Text"], attrs: group }),
  schema("Choices", "control", { attrs: group }),
  schema("Label", "part", { parents: ["Labels"] }),
  schema("Choice", "part"),
  schema("Repeater", "visual"),
];
const catalog: TagCatalog = {
  get: (name) => known.find((tag) => tag.name.toLowerCase() === name.toLowerCase()),
  all: () => known,
};
const parse = (source: string) => parseConfig(source, catalog);
const faultsOf = (source: string) => {
  const { faults } = validateConfig(source, catalog);
  return faults.map((fault) => `${fault.code}@${fault.place?.line}:${fault.place?.column}`);
};

describe("reading XML", () => {
  test("names are found in any case and kept as written", () => {
    const tree = parse(`<view><TEXT NAME="t" Value="$a"/><labels name="l" toname="t,u"/></view>`);
    expect(tree.nodes.map((node) => [node.tag, node.type])).toEqual([
      ["view", "View"],
      ["TEXT", "Text"],
      ["labels", "Labels"],
    ]);
    expect(tree.byName.get("l")?.toNames).toEqual(["t", "u"]);
  });
  test("unknown tags and attributes stay in the tree", () => {
    const tree = parse(`<View><Magic spell="x"><Text name="t" value="$a"/></Magic></View>`);
    expect(tree.nodes[1]?.schema).toBeNull();
    expect(tree.nodes[1]?.attributes.get("spell")).toBe("x");
    expect(tree.byName.get("t")?.parent?.tag).toBe("Magic");
  });
  test("places count lines and columns, past comments and CDATA", () => {
    const tree = parse(
      `<View>\n  <!-- <Text/> -->\n  <Header><![CDATA[ a < b ]]></Header>\n  <Text\n name="t"/></View>`,
    );
    expect(tree.nodes.map((node) => [node.tag, node.place?.line, node.place?.column])).toEqual([
      ["View", 1, 1],
      ["Header", 3, 3],
      ["Text", 4, 3],
    ]);
    expect(tree.nodes[1]?.content).toBe("a < b");
  });
  test("markup content keeps its inner tags as text and its Labels as nodes", () => {
    const tree = parse(`<View><HyperText name="h"><p>Hi <b>you</b></p></HyperText><Text name="t"/></View>`);
    expect(tree.nodes.map((node) => node.tag)).toEqual(["View", "HyperText", "Text"]);
    expect(tree.nodes[1]?.content).toBe("<p>Hi <b>you</b></p>");
    expect(tree.nodes[2]?.place?.column).toBeGreaterThan(50);
  });
  test.each([
    ["an empty text", "  ", "not_xml"],
    ["an unclosed tag", "<View><Text></View>", "not_xml"],
    ["a document type", "<!DOCTYPE x><View/>", "dtd_not_allowed"],
    ["an unknown entity", "<View><Header>a &nbsp; b</Header></View>", "not_xml"],
    ["an attribute written twice", `<View a="1" a="2"/>`, "not_xml"],
    ["deep nesting", "<View>".repeat(101) + "</View>".repeat(101), "too_deep"],
  ])("%s is refused with its place", (_, source, code) => {
    expect.assertions(2);
    try {
      parse(source);
    } catch (error) {
      expect((error as ConfigError).faults[0]?.code).toBe(code);
      expect((error as ConfigError).faults[0]?.place).not.toBeNull();
    }
  });
  test("an XML declaration with an encoding is accepted", () => {
    expect(parse(`<?xml version="1.0" encoding="UTF-8"?><View/>`).root.type).toBe("View");
  });
});

describe("checks", () => {
  test("every fault is told with its place", () => {
    const source = `<View>\n<Text name="t"/>\n<Choices name="c" toName="x"/>\n<Labels name="t" toName="t"><Label/></Labels></View>`;
    expect(faultsOf(source)).toEqual(
      expect.arrayContaining([
        "missing_attribute@2:1",
        "missing_items@3:1",
        "missing_attribute@4:29",
        "duplicate_name@4:1",
        "unknown_to_name@3:1",
      ]),
    );
  });
  test("the server's odd rules hold: toname counts as a name, blanks in toName count", () => {
    expect(faultsOf(`<View><Text name="t" value="$a"/><Rating name="r" toname="t"/></View>`)).toContain(
      "duplicate_name@1:34",
    );
    expect(faultsOf(`<View><Text name="t" value="$a"/><Rating name="r" toName="t, t"/></View>`)).toContain(
      "unknown_to_name@1:34",
    );
  });
  test.each([
    "<View/>",
    "<html/>",
    `<View><Audio name="a"/><Rating name="r"/></View>`,
    `<View><Pear name="p" toName="p"/></View>`,
  ])("accepted on purpose: %s", (source) => expect(validateConfig(source, catalog).valid).toBe(true));
  test("video speeds are numbers in bounds, the least not above the usual", () => {
    const valid = (attributes: string) =>
      validateConfig(`<View><Video name="v" ${attributes}/></View>`, catalog).valid;
    expect(valid(`minPlaybackSpeed="0.5"`)).toBe(true);
    expect(valid(`minPlaybackSpeed="2"`)).toBe(false);
    expect(valid(`defaultPlaybackSpeed="fast"`)).toBe(false);
    expect(valid(`defaultPlaybackSpeed="0.1" minPlaybackSpeed="0.05"`)).toBe(true);
  });
  test("a misspelt tag is a warning with what was meant", () => {
    const { valid, faults } = validateConfig(`<View><Choises name="c"/></View>`, catalog);
    expect(valid).toBe(true);
    expect(faults[0]).toMatchObject({ code: "unknown_tag", severity: "warning", suggestion: "Choices" });
    expect(nearest("zzzzzzz", ["Text"])).toBeUndefined();
  });
});

describe("variables", () => {
  const data = { a: { b: [10, { c: "deep" }] }, "x.y": "literal", n: 0, list: [1, 2] };
  test.each([
    ["$a.b[1].c", "deep"],
    ["$x.y", "literal"],
    ["$list", [1, 2]],
    ["$n", 0],
    ["$missing", ""],
    ["$a.toString", ""],
    ["n=$n, c=$a.b[1].c.", "n=0, c=deep."],
    ["cost: 5$", "cost: 5$"],
  ])("%s gives %j", (text, value) => expect(resolveText(text, data)).toEqual(value));
  test("a whole variable is told from text with one", () => {
    expect(variableName("$a.b[0]")).toBe("a.b[0]");
    expect(variableName("see $a")).toBeNull();
    expect(lookUp(data, "a.b[5]")).toBeUndefined();
  });
  test("attributes are read by their schema and default", () => {
    const tree = parse(`<View><Header size="x">$t</Header><Header size="2" value="Title: $t"/></View>`);
    const [first, second] = tree.root.children;
    expect(first && readAttribute(first, "size")).toBe(4);
    expect(first && readAttribute(first, "value", { t: "Hi" })).toBe("Hi");
    expect(second && readAttribute(second, "SIZE")).toBe(2);
  });
});

describe("items", () => {
  const tree = parse(
    `<View><Labels name="l" toName="t" value="$more"><View><Label value="Person" alias="PER"/></View><Label value="Org" hotkey="w"/></Labels></View>`,
  );
  const control = tree.byName.get("l");
  const items = control
    ? itemsOf(control, { more: ["Place", { value: "Time", alias: "T", background: "red" }] })
    : [];
  test("written items come first, then those of the data; stored is the alias", () => {
    expect(items.map((item) => item.stored)).toEqual(["PER", "Org", "Place", "T"]);
    expect(findItem(items, "Person")?.stored).toBe("PER");
    expect(findItem(items, "PER")?.value).toBe("Person");
  });
  test("keys: written first, then digits in order, none twice", () => {
    const keys = assignHotkeys(tree, { more: ["Place"] }).map(({ item, key }) => `${item.stored}=${key}`);
    expect(keys).toEqual(["PER=1", "Org=w", "Place=2"]);
    expect(parseHotkey("Ctrl + Enter, 1")).toEqual(["ctrl+enter", "1"]);
  });
  test("colours: own background first, no two alike up to 24, the same every time", () => {
    const labels = Array.from({ length: 24 }, (_, index) => ({ stored: `L${index}`, background: null }));
    expect(new Set(assignColors(labels).values()).size).toBe(PALETTE.length);
    expect(assignColors(items).get("T")).toBe("red");
    expect(assignColors(items).get("PER")).toBe(assignColors([...items].slice(0, 1)).get("PER"));
  });
});

describe("visibility", () => {
  const tree = parse(`<View><Text name="t" value="$a"/>
    <Choices name="c" toName="t"><Choice value="Yes"/></Choices>
    <View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="Yes"><Choices name="d" toName="t"><Choice value="A"/></Choices></View>
    <View visibleWhen="region-selected" whenLabelValue="P,Q"><Header>r</Header></View>
    <Choices name="e" toName="t" perRegion="true" required="true"><Choice value="A"/></Choices>
    <Choices name="f" toName="t" required="true" visibleWhen="choice-selected" whenTagName="d"><Choice value="A"/></Choices></View>`);
  const state = (
    chosen: Record<string, string[]>,
    selected: VisibilityState["selected"] = [],
  ): VisibilityState => ({
    chosen: (control) => chosen[control.name ?? ""] ?? [],
    choosers: tree.nodes.filter((node) => node.type === "Choices"),
    selected,
    data: {},
  });
  const shown = (name: string, now: VisibilityState) => {
    const node = tree.byName.get(name);
    return node ? isVisible(node, now) : undefined;
  };
  test("choice-selected looks at the named control and value, and hides children", () => {
    expect(shown("d", state({}))).toBe(false);
    expect(shown("d", state({ c: ["Yes"] }))).toBe(true);
    expect(shown("f", state({ d: ["A"] }))).toBe(false); // d itself is hidden
    expect(shown("f", state({ c: ["Yes"], d: ["A"] }))).toBe(true);
  });
  test("region rules look at labels; perRegion waits for a region of its object", () => {
    const region = { object: "t", labels: ["P"], controls: ["l"] };
    const header = tree.nodes.find((node) => node.type === "Header");
    expect(header && isVisible(header, state({}, [region]))).toBe(true);
    expect(header && isVisible(header, state({}, [{ ...region, labels: ["Z"] }]))).toBe(false);
    expect(shown("e", state({}))).toBe(false);
    expect(shown("e", state({}, [region]))).toBe(true);
    expect(shown("e", state({}, [{ ...region, object: "u" }]))).toBe(false);
  });
  test("what is missing: hidden controls are not asked, regions are told by id", () => {
    const region = { id: "r1", object: "t", labels: ["P"], controls: ["l"] };
    const missing = (chosen: Record<string, string[]>) =>
      missingAnswers(tree, { has: () => false, regions: [region], pages: () => 1, state: state(chosen) }).map(
        (one) => [one.control.name, one.region],
      );
    expect(missing({})).toEqual([["e", "r1"]]);
    expect(missing({ c: ["Yes"], d: ["A"] })).toEqual([
      ["e", "r1"],
      ["f", undefined],
    ]);
  });
});

test("repeaters clone their children for each element", () => {
  const tree = parse(
    `<View><Repeater on="$pages"><Text name="t_{{idx}}" value="$pages[{{idx}}].x"/><Choices name="c_{{idx}}" toName="t_{{idx}}"/></Repeater></View>`,
  );
  const expanded = expandRepeaters(tree, { pages: [{ x: 1 }, { x: 2 }] });
  expect([...expanded.byName.keys()]).toEqual(["t_0", "c_0", "t_1", "c_1"]);
  expect(expanded.byName.get("c_1")?.toNames).toEqual(["t_1"]);
  expect(expanded.nodes.every((node, index) => node.index === index)).toBe(true);
});

test("the summary of a configuration has the documented form", () => {
  const tree = parse(
    `<View><Image name="i" value="$a"/><Choices name="q" toName="i" perRegion="true" whenTagName="r" value="$opts"><Choice value="z"/></Choices></View>`,
  );
  expect(summarizeConfig(tree)).toEqual({
    q: {
      type: "Choices",
      to_name: ["i"],
      conditionals: { type: "tag", name: "r" },
      dynamic_labels: true,
      inputs: [{ type: "Image", valueType: null, value: "a" }],
      labels: ["z"],
      labels_attrs: { z: { value: "z" } },
    },
  });
});

test("the registry finds tags in any case", () => {
  expect(registry.get("nothing")).toBeUndefined();
});
