/** Tags on the labeling screen, drawn and used: what each writes is what is sent. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser, expectAccessible, shoot } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const values = (result: readonly ResultItem[] | undefined) =>
  Object.fromEntries((result ?? []).map((item) => [item.from_name, item.value]));

async function open(
  stage: { open(path: string, options?: object): Promise<Page> },
  queue: LabelingQueue,
  theme: string,
) {
  const page = await stage.open(`/projects/${queue.id}/label`, { settings: { theme } });
  await page.locator(".label-work .tag-place").first().waitFor();
  return page;
}

const questions = new LabelingQueue(
  `<View>
  <Style>.two { display: grid; grid-template-columns: 1fr 1fr; gap: 16px } body { display: none }</Style>
  <Header value="Judge the answer to $id" size="3"/>
  <View className="two">
    <Text name="a" value="$a"/>
    <Text name="b" value="$b"/>
  </View>
  <Pairwise name="better" toName="a,b"/>
  <Rating name="stars" toName="a" maxRating="5"/>
  <Number name="count" toName="a" min="0" max="10"/>
  <DateTime name="day" toName="a" only="date" format="%d.%m.%Y"/>
  <Taxonomy name="tree" toName="a"><Choice value="Animal"><Choice value="Bird"><Choice value="Owl"/></Choice></Choice><Choice value="Plant"/></Taxonomy>
  <TextArea name="why" toName="a" rows="2" maxSubmissions="1" placeholder="Why?"/>
  <TextArea name="tags" toName="a" maxSubmissions="3"><Shortcut value="helpful"/></TextArea>
  <Choices name="kind" toName="a" choice="multiple" layout="inline"><Choice value="Kind"/><Choice value="Correct"/></Choices>
  <View visibleWhen="choice-selected" whenTagName="kind" whenChoiceValue="Correct">
    <Choices name="sure" toName="a" required="true"><Choice value="Sure"/><Choice value="Guess"/></Choices>
  </View>
  <Collapse><Panel value="More"><Header value="Inside"/></Panel></Collapse>
  <Sparkle name="x" toName="a"/>
</View>`,
  [
    { id: 42, a: "The first answer.", b: "The second answer." },
    { id: 43, a: "A", b: "B" },
  ],
);
questions.settings = {
  expert_instruction: "<h3>How to judge</h3><p>Be fair.<script>window.broken = 1</script></p>",
};

describeInBrowser(
  "questions about texts",
  (stage) => {
    it("each writes its own form; what is hidden is not asked for", async () => {
      const page = await open(stage, questions, "light");
      await page.locator('.tag-place[data-name="b"]').click();
      await page.getByRole("radio", { name: "4 of 5" }).check({ force: true });
      await page.getByRole("spinbutton", { name: "count" }).fill("7");
      await page.getByLabel("day").fill("2026-02-03");
      await page.getByRole("combobox", { name: "tree" }).fill("owl");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("textbox", { name: "why" }).fill("It is\nbetter.");
      await page.getByRole("textbox", { name: "tags" }).fill("one");
      await page.keyboard.press("Enter");
      await page.getByRole("textbox", { name: "tags" }).fill("two");
      await page.keyboard.press("Enter");
      expect(await page.getByRole("radio", { name: "Sure" }).count()).toBe(0);
      await page.getByRole("checkbox", { name: "Kind" }).check();
      await page.getByRole("checkbox", { name: "Correct" }).check();
      await page.getByRole("radio", { name: "Sure" }).waitFor();
      await expectAccessible(page);
      await shoot(page, "label-questions-light");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("alert").getByText("“sure” needs an answer.").waitFor();
      await page.getByRole("checkbox", { name: "Correct" }).uncheck();
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      expect(values(questions.sent[0]?.input.result)).toEqual({
        better: { selected: "right" },
        stars: { rating: 4 },
        count: { number: 7 },
        day: { datetime: "03.02.2026" },
        tree: { taxonomy: [["Animal", "Bird", "Owl"]] },
        why: { text: ["It is\nbetter."] },
        tags: { text: ["one", "two"] },
        kind: { choices: ["Kind"] },
      });
      const pair = questions.sent[0]?.input.result?.find((item) => item.type === "pairwise");
      expect(pair?.to_name).toBe("better");
      expect(await page.locator("body").isVisible()).toBe(true);
      expect(stage.problems).toEqual([]);
    });

    it("says which tags it does not know, and shows guidelines where nothing runs", async () => {
      const page = await open(stage, questions, "dark");
      await page.getByText("<Sparkle> is not a tag Skylabel knows.").waitFor();
      await page.getByRole("button", { name: "Guidelines" }).click();
      await page.frameLocator("iframe.guidelines").getByText("Be fair.").waitFor();
      await shoot(page, "label-guidelines-dark");
      expect(await page.evaluate(() => "broken" in window)).toBe(false);
      await page.keyboard.press("Escape");
      await expectAccessible(page);
      await shoot(page, "label-questions-dark");
    });
  },
  { routes: questions.routes() },
);

const html = new LabelingQueue(
  `<View><HyperTextLabels name="ner" toName="page"><Label value="Place"/><Label value="Person"/></HyperTextLabels>
  <HyperText name="page" value="$html"/>
  <TextArea name="note" toName="page" perRegion="true" maxSubmissions="1"/></View>`,
  [
    {
      html: "<h3>Minutes</h3>\n<p onclick='window.broken=1'>Anna  moved to <b>Oslo</b> in May 😀.<script>parent.broken=1</script><br>Then on.</p>",
    },
    { html: "<p>Next</p>" },
  ],
);

describeInBrowser(
  "spans of HTML",
  (stage) => {
    it("are marked in a frame where nothing runs, by mouse and keys, with answers for each region", async () => {
      const page = await open(stage, html, "light");
      const frame = page.frameLocator("iframe.span-document");
      await frame.getByText("Oslo").waitFor();
      await page.keyboard.press("1");
      await frame.getByText("Oslo").dblclick();
      await page.getByRole("row", { name: /Place Oslo/ }).waitFor();
      await page.getByRole("textbox", { name: "note", exact: true }).fill("capital");
      await shoot(page, "label-html-light");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      await frame.locator("body").focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < 4; step++) await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("2");
      await page.getByRole("row", { name: /Person Anna/ }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      const [place, note, person] = html.sent[0]?.input.result ?? [];
      const oslo = {
        start: "/p[1]/b[1]/text()[1]",
        startOffset: 0,
        end: "/p[1]/b[1]/text()[1]",
        endOffset: 4,
        globalOffsets: { start: 21, end: 25 },
      };
      expect(place?.value).toEqual({ ...oslo, text: "Oslo", hypertextlabels: ["Place"] });
      expect(note?.id).toBe(place?.id);
      expect(note?.value).toEqual({ ...oslo, text: ["capital"] });
      expect(person?.value).toMatchObject({
        start: "/p[1]/text()[1]",
        startOffset: 0,
        endOffset: 4,
        text: "Anna",
      });
      expect(await page.evaluate(() => "broken" in window)).toBe(false);
    });
  },
  { routes: html.routes() },
);

const linked = new LabelingQueue(
  `<View><Labels name="ner" toName="text"><Label value="Person"/><Label value="Place"/></Labels><Text name="text" value="$text"/>
  <Relations><Relation value="born in"/><Relation value="died in"/></Relations>
  <List name="answers" value="$answers" title="Answers"/><Ranker name="rank" toName="answers"><Bucket name="good" title="Good"/></Ranker></View>`,
  [
    {
      text: "Ada was born in London.",
      answers: [
        { id: 1, title: "One" },
        { id: 2, title: "Two" },
        { id: 3, title: "Three" },
      ],
    },
  ],
);

describeInBrowser(
  "relations and ranks",
  (stage) => {
    it("are made with the keyboard alone", async () => {
      const page = await open(stage, linked, "dark");
      const text = page.getByRole("textbox", { name: /Text text/ });
      await text.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("Control+Shift+ArrowRight");
      await page.keyboard.press("1");
      await page.getByRole("row", { name: /Person Ada/ }).waitFor();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Control+Shift+ArrowLeft");
      await page.keyboard.press("2");
      await page.getByRole("row", { name: /Place London/ }).waitFor();

      await page.keyboard.press("]");
      await page.keyboard.press("Alt+r");
      await page.keyboard.press("]");
      await page.getByRole("button", { name: "born in" }).press("Enter");
      await page.getByRole("button", { name: /Three/ }).focus();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowRight");
      await shoot(page, "label-relations-dark");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();

      const result = linked.sent[0]?.input.result ?? [];
      const [person, place, relation, rank] = result;
      expect([person?.value?.text, place?.value?.text]).toEqual(["Ada", "London"]);
      expect(relation).toEqual({
        type: "relation",
        from_id: person?.id,
        to_id: place?.id,
        direction: "right",
        labels: ["born in"],
      });
      expect(rank?.value).toEqual({ ranker: { _: ["1", "2"], good: ["3"] } });
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: linked.routes() },
);

const talk = new LabelingQueue(
  `<View><ParagraphLabels name="act" toName="talk"><Label value="Question"/><Label value="Answer"/></ParagraphLabels>
  <Paragraphs name="talk" value="$talk" layout="dialogue" granularity="word"/>
  <Table name="facts" value="$facts"/>
  <Markdown value="$help"/></View>`,
  [
    {
      talk: [
        { author: "Ann", text: "Where do you live" },
        { author: "Bo", text: "Oslo, since May." },
      ],
      facts: { city: "Oslo", people: 700000 },
      help: "## Hints\n- mark **whole** words\n- read [more](https://example.com)",
    },
    { talk: [], facts: {}, help: "" },
  ],
);

describeInBrowser(
  "a dialogue",
  (stage) => {
    it("has spans inside its turns, which can be moved to other words", async () => {
      const page = await open(stage, talk, "light");
      const first = page.getByText("Where do you live");
      await page.keyboard.press("2");
      await page.getByText("Oslo, since").dblclick({ position: { x: 60, y: 14 } });
      await page.getByRole("row", { name: /Answer/ }).waitFor();
      await page.keyboard.press("2");
      await first.waitFor();
      await page.getByRole("textbox", { name: /Text talk/ }).focus();
      await page.getByRole("row", { name: /Answer/ }).click();
      await page.getByRole("textbox", { name: /Text talk/ }).focus();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("Shift+End");
      await page.keyboard.press("=");
      await page.getByRole("row", { name: /Answer Where do you live/ }).waitFor();
      await shoot(page, "label-dialogue-light");
      await expectAccessible(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      expect(talk.sent[0]?.input.result?.map((item) => item.value)).toEqual([
        {
          start: "0",
          end: "0",
          startOffset: 0,
          endOffset: 17,
          text: "Where do you live",
          paragraphlabels: ["Answer"],
        },
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: talk.routes() },
);

const broken = new LabelingQueue(
  `<View><Paragraphs name="talk" value="$talk"/><Table name="facts" value="$facts"/><Table name="far" value="$far" valueType="csv|url"/>
  <Text name="code" value="$talk" encoding="base64"/>
  <TextArea name="tags" toName="facts" skipDuplicates="true"/>
  <Choices name="ok" toName="facts" required="true"><Choice value="x"/></Choices></View>`,
  [{ talk: "no list!", facts: { b: 1 }, far: "/nowhere.csv" }],
);

describeInBrowser(
  "data that does not fit, in German",
  (stage) => {
    it("is told of in words of the page", async () => {
      const page = await stage.open(`/projects/${broken.id}/label`, { settings: { locale: "de" } });
      await page.getByText("Was in den Daten steht, kann talk nicht zeigen.").waitFor();
      await page.getByText("Was in den Daten steht, kann code nicht zeigen.").waitFor();
      await page.getByText("/nowhere.csv kann nicht geladen werden.").waitFor();
      expect(await page.getByRole("columnheader").allInnerTexts()).toEqual(["Name", "Wert"]);
      const field = page.getByRole("textbox", { name: "tags", exact: true });
      for (const text of ["eins", "Eins"]) {
        await field.fill(text);
        await page.keyboard.press("Enter");
      }
      await page.getByText("„Eins“ gibt es schon.").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByRole("listitem").getByText("„ok“ braucht eine Antwort.").waitFor();
      expect(await page.getByRole("status").textContent()).toContain("„ok“ braucht eine Antwort.");
    });
  },
  { routes: { ...broken.routes(), "GET /nowhere.csv": () => ({ status: 404 }) } },
);

const within = `<Choice value="Land"><Choice value="Norway" alias="no"/></Choice><Choice value="Sea"/></Choices>`;
const nested = new LabelingQueue(
  `<View><Text name="text" value="$text"/>
  <Choices name="where" toName="text" layout="select" allowNested="true">${within}
  <Choices name="flat" toName="text" layout="select">${within}
  <Choices name="row" toName="text" choice="multiple">${within}</View>`,
  [{ text: "one two" }],
);

describeInBrowser(
  "choices within choices",
  (stage) => {
    it("are in lists and rows, and are stored as paths only where that is asked for", async () => {
      const page = await open(stage, nested, "light");
      for (const name of ["where", "flat"]) {
        const list = page.getByRole("combobox", { name });
        await list.selectOption({ label: "Land / Norway" });
        expect(await list.locator(":checked").textContent()).toBe("Land / Norway");
      }
      const row = page.getByRole("group", { name: "row" });
      await row.getByLabel("Norway").check();
      await row.getByLabel("Sea").check();
      await row.getByLabel("Sea").uncheck();
      expect(await row.getByLabel("Norway").isChecked()).toBe(true);
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();
      expect(nested.sent[0]?.input.result?.map((item) => item.value?.choices)).toEqual([
        [["Land", "no"]],
        ["no"],
        ["no"],
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: nested.routes() },
);

const few = new LabelingQueue(
  `<View><Labels name="ner" toName="text"><Label value="Title" maxUsages="1"/><Label value="Word"/></Labels>
  <Text name="text" value="$text"/>
  <Choices name="kind" toName="text" perRegion="true"><Choice value="Proper"/></Choices></View>`,
  [{ text: "one two" }],
);

describeInBrowser(
  "labels of texts",
  (stage) => {
    it("mark nothing more once they are used up; with a region selected, they are for the text that is marked", async () => {
      const page = await open(stage, few, "light");
      const text = page.getByRole("textbox", { name: /Text text/ });
      await page.keyboard.press("1");
      await text.focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < 3; step++) await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("Enter");
      await page.getByRole("row", { name: /Title one/ }).waitFor();
      await page.keyboard.press("End");
      for (let step = 0; step < 3; step++) await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("Enter");
      await page.getByText("Pick a label for the marked text").waitFor();
      await page.keyboard.press("2");
      await page.getByRole("row", { name: /Word two/ }).waitFor();
      await page.getByRole("row", { name: /Title one/ }).waitFor();

      // What was marked before a region was selected is let go: the label is for the region.
      await page.keyboard.press("Escape");
      await text.focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < 3; step++) await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("Enter");
      await page.getByText("Pick a label for the marked text").waitFor();
      await page.getByRole("row", { name: /Title one/ }).click();
      await page.keyboard.press("2");
      await page.getByRole("row", { name: /Word one/ }).waitFor();
      await page.keyboard.press("1");
      await page.getByRole("row", { name: /Title one/ }).waitFor();

      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();
      const sent = few.sent[0]?.input.result ?? [];
      expect(sent.map((item) => [item.value?.text, item.value?.labels])).toEqual([
        ["one", ["Title"]],
        ["two", ["Word"]],
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: few.routes() },
);
