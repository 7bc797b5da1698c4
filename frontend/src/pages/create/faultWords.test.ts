/** Each fault of a config as the editor says it. */
import { expect, it } from "vitest";
import { holes } from "../../app/i18n/messages";
import { validateConfig } from "../../config/validate";
import { registry } from "../../tags/_contract/registry";
import { en } from "../playground/words/en";

const text = `<Text name="t" value="$t"/>`;
const deep = "<View>".repeat(101) + "</View>".repeat(101);
const video = (more: string) => `<View><Video name="v" value="$v" ${more}/></View>`;

it.each([
  ["fault.empty", ""],
  ["fault.nullCharacter", "<View>\0</View>"],
  ["fault.documentType", "<!DOCTYPE x><View/>"],
  ["fault.attributeTwice", `<View a="1" a="2"/>`],
  ["fault.ampersand", "<View><Header>a & b</Header></View>"],
  ["fault.brokenXml", "<View><Text></View>"],
  ["fault.tooDeep", deep],
  ["fault.missingAttribute", `<View>${text}<Choices name="c"><Choice value="a"/></Choices></View>`],
  ["fault.missingItems", `<View>${text}<Choices name="c" toName="t"/></View>`],
  ["fault.valueAndList", `<View><Image name="i" value="$a" valueList="$b"/></View>`],
  ["fault.duplicateName", `<View>${text}${text}</View>`],
  ["fault.unknownTarget", `<View>${text}<Rating name="r" toName="x"/></View>`],
  ["fault.speedRange", video(`minPlaybackSpeed="99"`)],
  ["fault.speedOrder", video(`minPlaybackSpeed="3" defaultPlaybackSpeed="2"`)],
  ["fault.unknownTag", `<View>${text}<Sparkle/></View>`],
  ["fault.unknownAttribute", `<View>${text}<Rating name="r" toName="t" sparkle="1"/></View>`],
  ["fault.notNumber", `<View>${text}<Rating name="r" toName="t" maxRating="many"/></View>`],
  ["fault.notBoolean", `<View>${text}<Rating name="r" toName="t" required="perhaps"/></View>`],
  ["fault.notOneOf", `<View>${text}<Rating name="r" toName="t" size="huge"/></View>`],
  ["fault.wrongParent", `<View>${text}<Relation value="a"/></View>`],
  ["fault.noObject", `<View>${text}<Text name="u" value="$u"/><Rating name="r"/></View>`],
  [
    "fault.badObject",
    `<View>${text}<RectangleLabels name="r" toName="t"><Label value="a"/></RectangleLabels></View>`,
  ],
] as const)("%s is said, with all its holes filled", (key, config) => {
  const { faults } = validateConfig(config, registry);
  const said = faults.map((fault) => fault.said);
  expect(said.map(([name]) => name)).toContain(key);
  for (const [name, values = {}] of said)
    expect(Object.keys(values), name).toEqual(expect.arrayContaining([...holes(en[name])]));
});
