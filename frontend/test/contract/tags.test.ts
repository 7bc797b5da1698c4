/** What every tag folder must keep: its schema is whole, and its codec gives back what it was given. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/config/json";
import { objectOf, resultType, valueKey } from "../../src/config/results";
import { controlsOf } from "../../src/config/tree";
import { validateConfig } from "../../src/config/validate";
import { parseConfig } from "../../src/config/xml";
import { Annotation } from "../../src/store/annotation";
import type { ResultItem } from "../../src/store/result";
import type { CodecContext, TagDefinition } from "../../src/tags/_contract/contract";
import { registry } from "../../src/tags/_contract/registry";

const root = join(process.cwd(), "src/tags");
const tags = registry.all().map((tag) => [tag.name, tag] as const);

describe.each(tags)("%s", (_, tag: TagDefinition) => {
  test("every attribute says what it is", () => {
    expect(tag.doc).toMatch(/\.$/);
    for (const [name, attribute] of Object.entries(tag.attrs)) {
      expect(attribute.doc, name).toMatch(/^[A-Z`].+\.$/);
      if (attribute.type === "enum") expect(attribute.values?.length, name).toBeGreaterThan(0);
      if (attribute.type === "enum" && attribute.default !== undefined)
        expect(attribute.values, name).toContain(attribute.default);
      if (attribute.type === "number" && attribute.default !== undefined)
        expect(typeof attribute.default, name).toBe("number");
      if (attribute.type === "boolean" && attribute.default !== undefined)
        expect(typeof attribute.default, name).toBe("boolean");
    }
  });
  test("controls and objects have names; controls say what they write", () => {
    if (tag.role === "object" || tag.role === "control") expect(tag.attrs.name?.required).toBe(true);
    if (tag.role === "control") {
      expect(tag.attrs.toName).toBeDefined();
      expect(tag.resultTypes.length).toBeGreaterThan(0);
    }
  });
});

interface Fixture {
  readonly config: string;
  readonly task: JsonObject;
  readonly result: readonly ResultItem[];
}

const fixtures = readdirSync(root)
  .filter((folder) => !folder.startsWith("_"))
  .flatMap((folder) => {
    const entries = readdirSync(join(root, folder));
    if (!entries.includes("fixtures")) return [];
    return readdirSync(join(root, folder, "fixtures"))
      .filter((file) => file.endsWith(".json"))
      .map((file) => {
        const content = JSON.parse(readFileSync(join(root, folder, "fixtures", file), "utf8")) as Fixture;
        return [`${folder}/${file}`, content] as const;
      });
  })
  .filter(([, fixture]) => typeof fixture.config === "string" && Array.isArray(fixture.result));

test("there are fixtures", () => expect(fixtures.length).toBeGreaterThan(5));

describe.each(fixtures)("fixture %s", (_, fixture: Fixture) => {
  const tree = parseConfig(fixture.config, registry);
  const contextOf = (item: ResultItem): CodecContext => {
    const control = tree.byName.get(item.from_name ?? "");
    if (!control) throw new Error(`${item.from_name} is not in the configuration`);
    return { tree, control, object: objectOf(control, tree), imageSize: { width: 1000, height: 800 } };
  };
  const codecOf = async (item: ResultItem) => {
    const module = await registry.load(contextOf(item).control.type);
    if (!module.codec) throw new Error(`${item.type} has no codec`);
    return module.codec;
  };

  test("the server would accept it, and nothing in it is doubtful", () => {
    const { valid, faults } = validateConfig(fixture.config, registry);
    expect(valid).toBe(true);
    expect(faults.map((fault) => fault.message)).toEqual([]);
  });

  test("decode, then encode: the same item, the very object", async () => {
    for (const item of fixture.result) {
      const codec = await codecOf(item);
      const region = codec.decode(item, contextOf(item));
      expect(region, JSON.stringify(item)).not.toBeNull();
      expect(codec.encode(region, item, contextOf(item))).toBe(item);
    }
  });

  test("a change of one part leaves keys nobody knows, and the rest, as they were", async () => {
    for (const item of fixture.result) {
      const codec = await codecOf(item);
      const strange = {
        ...item,
        zebra: [1, { b: null }],
        value: { ...item.value, yak: "kept" },
      } as ResultItem;
      const region = codec.decode(strange, contextOf(item));
      const again = codec.encode(region, strange, contextOf(item));
      expect(again.zebra).toEqual([1, { b: null }]);
      expect(again.value?.yak).toBe("kept");
      expect(Object.keys(again)).toEqual(Object.keys(strange));
    }
  });

  test("items without a readable value are not decoded, and nothing is thrown", async () => {
    for (const item of fixture.result) {
      const codec = await codecOf(item);
      const { value: _, ...bare } = item;
      expect(codec.decode(bare as ResultItem, contextOf(item))).toBeNull();
      const key = valueKey(resultType(contextOf(item).control));
      const wrong = { ...item, value: { [key]: { odd: true } as JsonValue } } as ResultItem;
      expect(() => codec.decode(wrong, contextOf(item))).not.toThrow();
    }
  });

  test("add, remove, undo, redo: back to the start; untouched results are the loaded objects", () => {
    const annotation = new Annotation(fixture.result);
    const before = annotation.document.results();
    const [control] = controlsOf(tree);
    annotation.edit("add", (edit) =>
      edit.add({ id: "new", type: "labels", from_name: control?.name ?? "", value: {} }),
    );
    annotation.removeRegions(annotation.document.regionKeys().slice(0, 1));
    annotation.undo();
    annotation.undo();
    expect(annotation.document.results()).toEqual(before);
    annotation.document.results().forEach((item, index) => {
      expect(item).toBe(fixture.result[index]);
    });
    annotation.redo();
    annotation.redo();
    annotation.undo();
    annotation.undo();
    expect(annotation.document.results()).toEqual(fixture.result);
  });
});

/** Old names of tags and what they are called now, as the server knows them. */
const otherNames = JSON.parse(
  readFileSync(join(process.cwd(), "../tests/cases/tags/other_names.json"), "utf8"),
) as Record<string, string>;

test("old names are those that the server knows, for each tag that there is", () => {
  const own = registry.all().flatMap((tag) => (tag.otherNames ?? []).map((name) => [name, tag.name]));
  const ofServer = Object.entries(otherNames).filter(([, name]) => registry.get(name));
  expect(Object.fromEntries(own)).toEqual(Object.fromEntries(ofServer));
  expect(registry.get("html")?.name).toBe("HyperText");
});
