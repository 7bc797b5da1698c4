/** Fields on the labeling screen: what somebody is in the middle of writing is not lost, wherever they go from there. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { describeInBrowser } from "../harness/browser";
import { LabelingQueue } from "../harness/labeling";

const values = (result: readonly ResultItem[] | undefined) => result?.map((item) => item.value);

async function open(stage: { open(path: string): Promise<Page> }, queue: LabelingQueue): Promise<Page> {
  const page = await stage.open(`/projects/${queue.id}/label`);
  await page.locator(".label-work .tag-place").first().waitFor();
  return page;
}

const asked = new LabelingQueue(
  `<View><Text name="text" value="$text"/>
  <Number name="count" toName="text" min="0" max="10"/>
  <DateTime name="year" toName="text" only="year"/>
  <DateTime name="day" toName="text" only="date"/>
  <TextArea name="words" toName="text" skipDuplicates="true"/></View>`,
  [{ text: "One" }, { text: "Two" }, { text: "Three" }],
);

describeInBrowser(
  "answers being written",
  (stage) => {
    it("are sent from the middle of the field; what the field does not allow is not passed over", async () => {
      const page = await open(stage, asked);
      const count = page.getByRole("spinbutton", { name: "count" });
      await page.getByRole("spinbutton", { name: "year" }).pressSequentially("2024");
      await count.pressSequentially("77");
      await page.keyboard.press("Control+Enter");
      await page
        .getByRole("alert")
        .getByText(/^count: /)
        .waitFor();
      expect(asked.sent).toEqual([]);

      await count.fill("7");
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();
      expect(values(asked.sent[0]?.input.result)).toEqual([{ datetime: "2024" }, { number: 7 }]);
    });

    it("half a date is asked about, not left out", async () => {
      const page = await open(stage, asked);
      await page.getByText("#7002").waitFor();
      await page.getByLabel("day").focus();
      await page.keyboard.type("0229");
      await page.keyboard.press("Control+Enter");
      await page
        .getByRole("alert")
        .getByText(/^day: /)
        .waitFor();
      await page.getByLabel("day").fill("2024-02-29");
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7003").waitFor();
      expect(values(asked.sent[1]?.input.result)).toEqual([{ datetime: "2024-02-29" }]);
    });

    it("the Enter that ends a composed word adds nothing yet", async () => {
      const page = await open(stage, asked);
      await page.getByText("#7003").waitFor();
      const field = page.getByRole("textbox", { name: "words", exact: true });
      await field.fill("東京");
      await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
      expect(await field.inputValue()).toBe("東京");
      await page.keyboard.press("Enter");
      await page.getByRole("listitem").getByText("東京").waitFor();

      await field.fill("and on the way to another task");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Previous task" }).click();
      await page.getByText("#7002").waitFor();
      await page.getByRole("button", { name: "Next task" }).click();
      await page.getByRole("listitem").getByText("and on the way to another task").waitFor();
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: asked.routes() },
);

const needed = new LabelingQueue(
  `<View><Text name="text" value="$text"/><Number name="count" toName="text" max="10"/>
  <Choices name="kind" toName="text" required="true"><Choice value="Short"/></Choices></View>`,
  [{ text: "One" }],
);

describeInBrowser(
  "what keeps an answer from being sent",
  (stage) => {
    it("is told as it is now, with the browser's sentence apart from the page's direction", async () => {
      const page = await open(stage, needed);
      await page.keyboard.press("Control+Enter");
      const told = page.getByRole("alert").getByRole("listitem");
      await told.getByText("“kind” needs an answer.").waitFor();
      await page.getByRole("radio", { name: "Short" }).check();
      await page.getByRole("spinbutton", { name: "count" }).fill("77");
      await page.keyboard.press("Control+Enter");
      await told.getByText(/^count: \u2068.+\u2069$/).waitFor();
      expect(await told.count()).toBe(1);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: needed.routes() },
);

const spans = new LabelingQueue(
  `<View><Labels name="ner" toName="text"><Label value="Place"/></Labels><Text name="text" value="$text"/>
  <TextArea name="why" toName="text" perRegion="true"/><Number name="sure" toName="text" perRegion="true" max="5"/>
  <DateTime name="when" toName="text" only="year" perRegion="true"/>
  <TextArea name="said" toName="text" perRegion="true" editable="true"/></View>`,
  [{ text: "Ada went to Rome" }, { text: "Ada went to Rome" }],
);
const place = (id: string, start: number, end: number, text: string) => ({
  id,
  from_name: "ner",
  to_name: "text",
  type: "labels",
  value: { start, end, text, labels: ["Place"] },
});
for (const [task, person, town] of [
  [7001, "a", "b"],
  [7002, "c", "d"],
] as const)
  spans.drafts.set(task, {
    id: task,
    task,
    annotation: null,
    result: [place(person, 0, 3, "Ada"), place(town, 12, 16, "Rome")],
    updated_at: "2026-11-01T10:00:00Z",
  } as never);

describeInBrowser(
  "answers to a region being written",
  (stage) => {
    it("stay with the region when another is chosen, when none is, and when they are sent", async () => {
      const page = await open(stage, spans);
      const row = (name: string) => page.getByRole("row", { name: new RegExp(`Place ${name}`) });
      const why = page.getByRole("textbox", { name: "why", exact: true });
      await row("Ada").click();
      await why.fill("a person");
      await row("Rome").click();
      expect(await why.inputValue()).toBe("");
      await page.getByRole("spinbutton", { name: "sure" }).fill("9");
      await page.keyboard.press("Tab");
      await row("Ada").click();
      await page.getByRole("listitem").getByText("a person").waitFor();
      expect(await page.getByRole("spinbutton", { name: "sure" }).inputValue()).toBe("");
      await row("Rome").click();
      await why.fill("a city");
      await row("Rome").click({ modifiers: ["Control"] });
      await row("Rome").click();
      await page.getByRole("listitem").getByText("a city").waitFor();
      await page.getByRole("textbox", { name: /note/i }).fill("old");
      await page.keyboard.press("Control+Enter");
      await page.getByText("#7002").waitFor();

      const sent = spans.sent[0]?.input.result ?? [];
      const texts = sent.filter((item) => item.type === "textarea");
      expect(texts.map((item) => [item.id, item.value?.text])).toEqual([
        ["a", ["a person"]],
        ["b", ["a city"]],
      ]);
      expect(sent.filter((item) => item.meta !== undefined).map((item) => item.id)).toEqual(["b", "b"]);
      expect(stage.problems).toEqual([]);
    });

    it("stay with the region when another one is chosen by what takes no focus, as a picture does", async () => {
      const page = await open(stage, spans);
      const row = (name: string) => page.getByRole("row", { name: new RegExp(`Place ${name}`) });
      const [sure, when] = ["sure", "when"].map((name) => page.getByRole("spinbutton", { name }));
      await page.getByText("#7002").waitFor();
      await row("Ada").click();
      await page.getByRole("textbox", { name: "said", exact: true }).fill("first");
      await page.keyboard.press("Enter");
      await sure?.pressSequentially("4");
      await row("Rome").dispatchEvent("click");
      expect(await sure?.inputValue()).toBe("");
      await when?.pressSequentially("2024");
      await row("Ada").dispatchEvent("click");
      expect(await sure?.inputValue()).toBe("4");
      expect(await when?.inputValue()).toBe("");
      await page.getByRole("textbox", { name: "Text 1" }).fill("changed");
      await row("Rome").dispatchEvent("click");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing left to label").waitFor();
      const sent = spans.sent[1]?.input.result ?? [];
      const answers = sent.filter((item) => item.type !== "labels");
      expect(
        answers.map((item) => [item.id, item.value?.number ?? item.value?.datetime ?? item.value?.text]),
      ).toEqual([
        ["c", ["changed"]],
        ["c", 4],
        ["d", "2024"],
      ]);
      expect(stage.problems).toEqual([]);
    });
  },
  { routes: spans.routes() },
);
