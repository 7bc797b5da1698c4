/** Whether a page that speaks another language has English left, and whether anything on it is cut off. */
import type { Page } from "playwright-core";
import { en as frame } from "../../src/app/i18n/en";
import { enPages } from "../../src/app/i18n/enPages";
import type { Message } from "../../src/app/i18n/messages";
import { en as beside } from "../../src/pages/label/beside/words/en";
import { en as label } from "../../src/pages/label/words/en";
import { en as review } from "../../src/pages/review/words/en";

/** Sentences with holes stand somewhere as people see them: compared by what is around the holes. */
const sentences = [frame, enPages, label, beside, review].flatMap((words) =>
  Object.values(words as Record<string, Message>).flatMap((message) =>
    typeof message === "string" ? [message] : Object.values(message),
  ),
);

/** What the task itself says in these tests, and what is the same in both languages. */
const shared = new Set(["Skylabel", "Enter", "Text", "Details", "Person", "Place", "Group"]);

/** The English sentences that are on the page, in its text or in what is read out of it. */
export async function englishLeft(page: Page): Promise<string[]> {
  const written = await page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node.nodeValue ?? "");
    for (const element of document.body.querySelectorAll("*"))
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        texts.push(element.getAttribute(name) ?? "");
    return texts.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => /[A-Za-z]{3}/.test(text));
  });
  const patterns = sentences
    // What is nearly all holes is like anything.
    .filter((sentence) =>
      /[A-Za-z]{3} \w+ \w+|^[^{]*[A-Za-z]{3}[^{]*$/.test(sentence.replace(/\{\w+\}/g, "{}")),
    )
    .map(
      (sentence) =>
        new RegExp(`^${sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*")}$`),
    );
  return [...new Set(written)].filter(
    (text) => !shared.has(text) && patterns.some((pattern) => pattern.test(text)),
  );
}

export interface Cut {
  readonly text: string;
  readonly by: number;
  readonly screen?: string;
}

/** What is wider than its place: controls and headings by their text, and the page itself. */
export function cutOff(page: Page): Promise<Cut[]> {
  return page.evaluate(() => {
    const found: Cut[] = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) found.push({ text: "the page", by: wide });
    for (const element of document.querySelectorAll<HTMLElement>(
      "button, a, h1, h2, h3, label, legend, [role=tab]",
    )) {
      if (element.closest(".visually-hidden")) continue;
      const by = element.scrollWidth - element.clientWidth;
      const style = getComputedStyle(element);
      const clips = style.overflowX !== "visible";
      const box = element.getBoundingClientRect();
      const outside = box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
      if ((clips && by > 1) || outside) found.push({ text: element.textContent ?? "", by });
    }
    return found;
  });
}
