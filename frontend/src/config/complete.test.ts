import { describe, expect, it } from "vitest";
import { registry } from "../tags/_contract/registry";
import { caretPlace, tagAtCaret } from "./caret";
import { complete } from "./complete";

/** The text without its mark `|`, and where that stood. */
function marked(text: string): [string, number] {
  const at = text.indexOf("|");
  return [text.replace("|", ""), at];
}

function labels(text: string, asked = false, keys: readonly string[] = []): readonly string[] {
  const [plain, at] = marked(text);
  return complete(plain, at, registry, { asked, keys })?.options.map(({ label }) => label) ?? [];
}

function accepted(text: string, label: string): string {
  const [plain, at] = marked(text);
  const found = complete(plain, at, registry, { asked: true });
  const option = found?.options.find((one) => one.label === label);
  if (!found || !option) throw new Error(`${label} is not offered`);
  const caret = found.from + option.caret;
  const written = plain.slice(0, found.from) + option.insert + plain.slice(found.to);
  return `${written.slice(0, caret)}|${written.slice(caret)}`;
}

describe("the caret", () => {
  it.each([
    ["<Vi|ew/>", "tag"],
    ["<|", "tag"],
    ["<View> | </View>", "content"],
    ["<View></Vi|", "close"],
    ["<View |", "attribute"],
    ["<View st|yle='a'>", "attribute"],
    ["<View style='a|b'>", "value"],
    ["<View style=|'ab'>", "attribute"],
    ["<View><!-- <Text | --></View>", "nothing"],
    ["<View><![CDATA[ <Text | ]]></View>", "nothing"],
    ["<View>\n<Choices name='c' |\n<Choice value='a'/>", "attribute"],
    ['<Text value="$a|\n<Choice/>', "value"],
    ["a < b |", "attribute"],
    ["|", "content"],
  ])("in %s is in a %s", (text, kind) => {
    const [plain, at] = marked(text);
    expect(caretPlace(plain, at).kind).toBe(kind === "attribute" && text === "a < b |" ? "content" : kind);
  });

  it.each([
    ["<View><Text na|me='t'/></View>", "Text"],
    ["<View><Text name='t'/>|</View>", "View"],
    ["<View><Choices><Choice value='|'/></Choices></View>", "Choice"],
    ["<View><Choices></Choices>|", "View"],
    ["|<View/>", ""],
  ])("in %s is at %s", (text, tag) => expect(tagAtCaret(...marked(text))).toBe(tag));

  it("finds a place in any text, cut anywhere", () => {
    const text = "<View a='<b' <c d=\"e>\n</f <!--x <?y <![CDATA[z ]]></View>";
    for (let length = 0; length <= text.length; length++)
      for (let at = 0; at <= length; at++)
        expect(caretPlace(text.slice(0, length), at).open.length).toBeLessThan(9);
  });
});

describe("completion of tags", () => {
  it("begins with those that fit the tag around", () => {
    expect(labels("<View><Choices name='c' toName='t'><|")[0]).toBe("Choice");
    expect(labels("<View><Choices name='c' toName='t'><Cho|")).toEqual(["Choice", "Choices"]);
    expect(labels("<View><Cho|")).toEqual(["Choices"]);
  });

  it("offers tags between tags when asked", () => {
    expect(labels("<View>|</View>")).toEqual([]);
    expect(labels("<View>|</View>", true)).toContain("Image");
  });

  it("fills in what a tag needs", () => {
    expect(accepted("<View><Ima|</View>", "Image")).toBe(
      '<View><Image name="image" value="$image"/>|</View>',
    );
    expect(accepted('<View><Text name="text" value="$t"/>\n<Choi|\n</View>', "Choices")).toBe(
      '<View><Text name="text" value="$t"/>\n<Choices name="choices" toName="text"|\n</View>',
    );
    expect(accepted('<View><Text name="text" value="$t"/><Tex|</View>', "Text")).toContain('name="text2"');
    expect(accepted("<View><Labels><La|</Labels>", "Label")).toBe(
      '<View><Labels><Label value="|"/></Labels>',
    );
  });

  it("changes the name alone where attributes follow", () => {
    expect(accepted("<View><Imag| name='i' value='$i'/></View>", "Image")).toBe(
      "<View><Image| name='i' value='$i'/></View>",
    );
  });

  it("closes the innermost tag", () => {
    expect(accepted("<View><Choices></|", "/Choices")).toBe("<View><Choices></Choices>|");
    expect(labels("</|")).toEqual([]);
  });
});

describe("completion of attributes", () => {
  it("offers those that are not written yet, the needed ones first", () => {
    const found = labels('<View><Choices toName="t" |/></View>', true);
    expect(found[0]).toBe("name");
    expect(found).toContain("choice");
    expect(found).not.toContain("toName");
    expect(labels('<View><Choices | toName="t"/></View>', true)).not.toContain("toName");
  });

  it("waits for a letter unless asked", () => {
    expect(labels("<View><Choices |/></View>")).toEqual([]);
    expect(labels("<View><Choices cho|/></View>")).toEqual(["choice", "whenChoiceValue"]);
  });

  it("writes the quotes, or leaves those that are there", () => {
    expect(accepted("<Choices cho|/>", "choice")).toBe('<Choices choice="|"/>');
    expect(accepted('<Choices cho|="single"/>', "choice")).toBe('<Choices choice|="single"/>');
  });
});

describe("completion of values", () => {
  it("knows words, truth, names and keys", () => {
    expect(labels('<Choices choice="|"')).toEqual(["single", "single-radio", "multiple"]);
    expect(labels('<Choices required="|"')).toEqual(["true", "false"]);
    const objects = '<View><Text name="t" value="$a"/><Image name="i" value="$b"/>';
    expect(labels(`${objects}<Choices toName="|"`)).toEqual(["t", "i"]);
    expect(labels(`${objects}<RectangleLabels toName="|"`)).toEqual(["i"]);
    expect(labels(`${objects}<Text name="u" value="$|"`, false, ["body"])).toEqual(["$body", "$a", "$b"]);
  });

  it("completes each part of a list by itself", () => {
    const text =
      '<View><Text name="left" value="$a"/><Text name="right" value="$b"/><Pairwise toName="left,r|"/>';
    expect(accepted(text, "right")).toContain('toName="left,right|"');
  });

  it("is silent where the value is whole, and about what it does not know", () => {
    expect(labels('<Choices choice="multiple|"')).toEqual([]);
    expect(labels('<Fog a="|"')).toEqual([]);
    expect(labels('<Choices title="|"')).toEqual([]);
  });
});
