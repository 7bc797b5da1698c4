/**
 * A map of the text under a DOM root: text nodes in order, with where each begins in UTF-16 units, in code
 * points and in *displayed* text (collapsed white space counts none, `<br>` is a newline).
 *
 * The DOM is only read. Build a new map when the content changes.
 */
import { CodePoints, countBelow } from "./offsets";

export interface TextSpot {
  readonly node: Text;
  /** UTF-16 units inside the node. */
  readonly offset: number;
}

interface Entry {
  readonly node: Text;
  /** UTF-16 units before this node in the joined text. */
  readonly start: number;
}

export class TextMap {
  /** All text under the root, joined. */
  readonly text: string;
  readonly points: CodePoints;
  readonly #entries: readonly Entry[];
  readonly #starts: readonly number[];
  readonly #index = new Map<Text, number>();
  #shown: Shown | null = null;

  constructor(readonly root: Node) {
    const entries: Entry[] = [];
    let start = 0;
    const walker = (root.ownerDocument ?? (root as Document)).createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      this.#index.set(node, entries.length);
      entries.push({ node, start });
      start += node.data.length;
    }
    this.#entries = entries;
    this.#starts = entries.map((entry) => entry.start);
    this.text = entries.map((entry) => entry.node.data).join("");
    this.points = new CodePoints(this.text);
  }

  /** Units at which a new block (paragraph, cell, line of a dialogue) begins: words never reach across. */
  edges(): readonly number[] {
    let last: Node | null = null;
    return this.#entries.flatMap(({ node, start }) => {
      const block = blockOf(node, this.root);
      const isEdge = block !== last;
      last = block;
      return isEdge ? [start] : [];
    });
  }

  /** UTF-16 units of the joined text before a DOM position; null when it is not under the root. */
  unitsAt(node: Node, offset: number): number | null {
    const index = this.#index.get(node as Text);
    if (index !== undefined) return (this.#starts[index] ?? 0) + Math.min(offset, (node as Text).data.length);
    if (node !== this.root && !this.root.contains(node)) return null;
    const after = node.childNodes[offset] ?? null;
    const next = after ? this.#firstFrom(after) : this.#firstAfter(node);
    return next === null ? this.text.length : (this.#starts[next] ?? 0);
  }

  /** The DOM position of a UTF-16 offset: at a border between nodes the later one, or the earlier with `end`. */
  spotAt(units: number, end = false): TextSpot | null {
    const limit = Math.max(0, Math.min(units, this.text.length));
    let index = countBelow(this.#starts, limit + (end ? 0 : 1)) - 1;
    if (index < 0) index = 0;
    let entry = this.#entries[index];
    // Empty text nodes lie at the same offset as their neighbour.
    while (!end && entry && limit - entry.start >= entry.node.data.length && this.#entries[index + 1])
      entry = this.#entries[++index];
    return entry ? { node: entry.node, offset: Math.min(limit - entry.start, entry.node.data.length) } : null;
  }

  /** A static range over UTF-16 units of the joined text. */
  rangeOf(start: number, end: number): StaticRange | null {
    const from = this.spotAt(start);
    const to = this.spotAt(end, true);
    if (!from || !to) return null;
    return new StaticRange({
      startContainer: from.node,
      startOffset: from.offset,
      endContainer: to.node,
      endOffset: to.offset,
    });
  }

  /** A live range, for asking where something is on screen. */
  liveRangeOf(start: number, end: number): Range | null {
    const from = this.spotAt(start);
    const to = this.spotAt(end, true);
    if (!from || !to) return null;
    const range = from.node.ownerDocument.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  /** Code points of displayed text before a UTF-16 offset of the joined text. */
  shownAt(units: number): number {
    this.#shown ??= measureShown(this.root);
    const shown = this.#shown;
    // The greatest kept unit below `units` tells how many displayed units come before it.
    const index = countBelow(shown.units, units);
    return shown.points.fromUnits(index);
  }

  /** The UTF-16 offset in the joined text of a displayed code point; with `end`, right after the one before it. */
  unitsOfShown(point: number, end = false): number {
    this.#shown ??= measureShown(this.root);
    const shown = this.#shown;
    const index = shown.points.toUnits(point);
    if (end)
      return index === 0
        ? 0
        : (shown.units[index - 1] ?? this.text.length) + (shown.breaks.has(index - 1) ? 0 : 1);
    return shown.units[index] ?? this.text.length;
  }

  /** The text as displayed: white space collapsed, line breaks as newlines. */
  shownText(): string {
    this.#shown ??= measureShown(this.root);
    return this.#shown.points.text;
  }

  #firstFrom(node: Node): number | null {
    const own = this.#index.get(node as Text);
    if (own !== undefined) return own;
    const walker = node.ownerDocument?.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const first = walker?.nextNode() as Text | null | undefined;
    return first ? (this.#index.get(first) ?? null) : this.#firstAfter(node);
  }

  #firstAfter(node: Node): number | null {
    for (let at: Node | null = node; at && at !== this.root; at = at.parentNode)
      if (at.nextSibling) return this.#firstFrom(at.nextSibling);
    return null;
  }
}

interface Shown {
  /** For each UTF-16 unit of displayed text, the unit of joined text it comes from (or stands before). */
  readonly units: readonly number[];
  /** Displayed units that come from no text (line breaks of `<br>`). */
  readonly breaks: ReadonlySet<number>;
  readonly points: CodePoints;
}

const blocks = new Set(
  "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
/** The nearest block around a node, the root when there is none. */
function blockOf(node: Node, root: Node): Node {
  for (let at = node.parentNode; at && at !== root; at = at.parentNode)
    if (blocks.has(at.nodeName.toLowerCase())) return at;
  return root;
}

const unseen = new Set(["script", "style", "template", "noscript", "head", "title"]);

/** Follows CSS white space: runs collapse to one blank, none at the edges of a block or beside a break. */
function measureShown(root: Node): Shown {
  const out: string[] = [];
  const units: number[] = [];
  const breaks = new Set<number>();
  let joined = 0;
  let atEdge = true;
  let pending = -1;
  const edge = () => {
    pending = -1;
    atEdge = true;
  };
  const put = (character: string, unit: number) => {
    if (pending >= 0 && !atEdge) {
      out.push(" ");
      units.push(pending);
    }
    pending = -1;
    atEdge = false;
    out.push(character);
    units.push(unit);
  };
  const visit = (node: Node, preserved: boolean, hidden: boolean) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const { data } = node as Text;
      for (let at = 0; !hidden && at < data.length; at++) {
        const character = data[at] as string;
        if (!preserved && /[ \t\n\r\f]/.test(character)) {
          if (pending < 0) pending = joined + at;
        } else put(character, joined + at);
      }
      joined += data.length;
      return;
    }
    const name = node.nodeName.toLowerCase();
    if (name === "br" && !hidden) {
      edge();
      breaks.add(units.length);
      out.push("\n");
      units.push(joined);
      return;
    }
    const isBlock = blocks.has(name);
    if (isBlock) edge();
    const keeps = preserved || name === "pre" || name === "textarea";
    for (const child of Array.from(node.childNodes)) visit(child, keeps, hidden || unseen.has(name));
    if (isBlock) edge();
  };
  visit(root, false, false);
  return { units, breaks, points: new CodePoints(out.join("")) };
}
