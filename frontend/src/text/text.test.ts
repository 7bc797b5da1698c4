import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trim, widen } from "./granularity";
import { safeColor } from "./highlight";
import { CodePoints } from "./offsets";
import { IntervalIndex } from "./pick";
import { describeSpan, locateSpan } from "./spans";
import { TextMap } from "./textmap";
import { nodeAt, pathOf } from "./xpath";

const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("👩🏽‍🚀", "é", "\r\n", "a", " ", "\n", "𝔘"),
  ),
});

function page(markup: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = markup;
  return root;
}

describe("code points", () => {
  test("every boundary between code points goes to units and back", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const points = new CodePoints(text);
        const all = [...text];
        expect(points.length).toBe(all.length);
        let unit = 0;
        for (let point = 0; point <= all.length; point++) {
          expect(points.toUnits(point)).toBe(unit);
          expect(points.fromUnits(unit)).toBe(point);
          unit += all[point]?.length ?? 0;
        }
      }),
    );
  });
  test("an emoji is one, with a skin tone two; CR LF is two; inside a pair counts as before it", () => {
    expect(new CodePoints("😀").length).toBe(1);
    expect(new CodePoints("👍🏽").length).toBe(2);
    expect(new CodePoints("a\r\nb").length).toBe(4);
    expect(new CodePoints("a😀b").fromUnits(2)).toBe(1);
    expect(new CodePoints("a😀b").slice(1, 2)).toBe("😀");
    expect(new CodePoints("ab").toUnits(99)).toBe(2);
  });
});

describe("paths", () => {
  const root = page("<div>one<p>two <b>three</b> four</p><p>five</p></div>");
  test("every node's path leads back to it", () => {
    const walker = document.createTreeWalker(root);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      expect(nodeAt(pathOf(node, root), root)).toBe(node);
  });
  test("the documented form", () => {
    const bold = root.querySelector("b")?.firstChild as Node;
    expect(pathOf(bold, root)).toBe("/div[1]/p[1]/b[1]/text()[1]");
    expect(nodeAt("/div/p[2]/text()", root)?.textContent).toBe("five");
    expect(nodeAt("/div[1]/p[9]", root)).toBeNull();
    expect(nodeAt("//script[1]/@x", root)).toBeNull();
  });
});

describe("text of a page", () => {
  const map = new TextMap(page("<p>\n  Anna  moved to <b>Oslo</b>.<br>  Then 😀\n</p> <p>left</p>"));
  test("displayed text collapses white space and breaks at br", () => {
    expect(map.shownText()).toBe("Anna moved to Oslo.\nThen 😀left");
  });
  test("joined and displayed offsets agree on every displayed character", () => {
    const shown = [...map.shownText()];
    shown.forEach((character, point) => {
      if (character === "\n" || character === " ") return;
      const unit = map.unitsOfShown(point);
      expect(map.text.slice(unit, unit + character.length)).toBe(character);
      expect(map.shownAt(unit)).toBe(point);
      expect(map.unitsOfShown(point + 1, true)).toBe(unit + character.length);
    });
  });
  test("a span is described as results carry it, and found again", () => {
    const start = map.text.indexOf("Oslo");
    const described = describeSpan(map, { start, end: start + 4 });
    expect(described).toEqual({
      start: "/p[1]/b[1]/text()[1]",
      startOffset: 0,
      end: "/p[1]/b[1]/text()[1]",
      endOffset: 4,
      globalOffsets: { start: 14, end: 18 },
      text: "Oslo",
    });
    if (described) expect(locateSpan(map, described)).toEqual({ start, end: start + 4 });
  });
  test("a span whose path is gone is found by displayed offsets, then by text, else not at all", () => {
    const start = map.text.indexOf("Oslo");
    const broken = { start: "/x[1]", end: "/x[1]", startOffset: 0, endOffset: 1 };
    expect(locateSpan(map, { ...broken, globalOffsets: { start: 14, end: 18 }, text: "Oslo" })).toEqual({
      start,
      end: start + 4,
    });
    expect(locateSpan(map, { ...broken, text: "Oslo" })).toEqual({ start, end: start + 4 });
    expect(locateSpan(map, { ...broken, text: "Bergen" })).toBeNull();
  });
  test("any span of any page is found where it was", () => {
    const inline = fc.tuple(fc.constantFrom("b", "i", "p", "span", "br"), anyText).map(([tag, text]) => {
      const element = document.createElement(tag);
      if (tag !== "br") element.textContent = text;
      return element;
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(inline, anyText), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        (parts, a, b) => {
          const root = document.createElement("div");
          root.append(
            ...parts.map((part) => (typeof part === "string" ? part : (part.cloneNode(true) as Element))),
          );
          const any = new TextMap(root);
          const start = any.text.length ? a % any.text.length : 0;
          const end = start + (any.text.length - start ? 1 + (b % (any.text.length - start)) : 0);
          const described = describeSpan(any, { start, end });
          if (!described) return;
          const found = locateSpan(any, described);
          expect(found && any.text.slice(found.start, found.end)).toBe(any.text.slice(start, end));
          expect(found).toEqual({ start, end });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("granularity", () => {
  const text = "Hello there, Mr. Fox. How are you?\nA second one.";
  const widened = (start: number, end: number, by: "symbol" | "word" | "sentence" | "paragraph") => {
    const span = widen(text, { start, end }, by, { locale: "en" });
    return span && text.slice(span.start, span.end);
  };
  test("selections widen to words, sentences, paragraphs", () => {
    expect(widened(7, 8, "word")).toBe("there");
    expect(widened(3, 8, "word")).toBe("Hello there");
    expect(widened(23, 25, "sentence")).toBe("How are you?");
    expect(widened(37, 38, "paragraph")).toBe("A second one.");
    expect(widened(30, 38, "paragraph")).toBe(text);
  });
  test("words of neighbouring blocks stay apart", () => {
    const map = new TextMap(page("<p>Where to</p><p>Oslo <b>now</b></p>"));
    expect(map.edges()).toEqual([0, 8]);
    const word = widen(map.text, { start: 9, end: 10 }, "word", { edges: map.edges() });
    expect(word && map.text.slice(word.start, word.end)).toBe("Oslo");
    const both = widen(map.text, { start: 6, end: 9 }, "word", { edges: map.edges() });
    expect(both && map.text.slice(both.start, both.end)).toBe("toOslo");
  });
  test("blanks are trimmed, only blanks are nothing, a joined emoji is never cut", () => {
    expect(widened(5, 11, "symbol")).toBe("there");
    expect(widen(text, { start: 5, end: 6 }, "symbol")).toBeNull();
    const emoji = "a 👩🏽‍🚀 b";
    expect(widen(emoji, { start: 3, end: 4 }, "symbol")).toEqual({ start: 2, end: 9 });
    expect(trim(" x ", { start: 0, end: 3 })).toEqual({ start: 1, end: 2 });
  });
  test("widening holds the trimmed selection and is stable", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.nat(),
        fc.nat(),
        fc.constantFrom("word", "sentence", "paragraph", "symbol"),
        (any, a, b, by) => {
          const start = any.length ? a % any.length : 0;
          const end = Math.min(any.length, start + 1 + (b % 9));
          const inner = trim(any, { start, end });
          const once = widen(any, { start, end }, by as "word");
          if (!inner || !once) return;
          expect(once.start).toBeLessThanOrEqual(inner.start);
          expect(once.end).toBeGreaterThanOrEqual(inner.end);
        },
      ),
    );
  });
});

describe("picking", () => {
  test("gives exactly the spans at an offset, inner ones first", () => {
    const span = fc
      .tuple(fc.nat(50), fc.nat(20))
      .map(([start, length]) => ({ start, end: start + length + 1 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), fc.nat(80), (spans, at) => {
        const named = spans.map((one, index) => ({ ...one, id: String(index) }));
        const found = new IntervalIndex(named).at(at);
        const expected = named.filter((one) => one.start <= at && at < one.end);
        expect(found.map((one) => one.id).sort()).toEqual(expected.map((one) => one.id).sort());
        found.slice(1).forEach((one, index) => {
          const before = found[index];
          expect(one.end - one.start).toBeGreaterThanOrEqual((before?.end ?? 0) - (before?.start ?? 0));
        });
      }),
    );
  });
});

test("only colours reach a style sheet", () => {
  expect(safeColor("rgb(1, 2, 3)")).toBe("rgb(1, 2, 3)");
  expect(safeColor("red; } body { display: none")).toBe("#888888");
});
