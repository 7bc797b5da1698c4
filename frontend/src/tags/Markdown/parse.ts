/**
 * The part of Markdown that instructions use: headings, paragraphs, lists, quotes, code, emphasis, links.
 * It gives a tree, never HTML, so that nothing of the text can become markup of its own.
 */

export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "em"; readonly inside: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly inside: readonly Inline[] };

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly kind: "paragraph" | "quote"; readonly inside: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "code"; readonly text: string };

/** Reads a text into blocks. */
export function parseMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const fences = /^```[^\n]*\n([\s\S]*?)\n?```\s*$/gm;
  let from = 0;
  for (const match of text.matchAll(fences)) {
    blocks.push(...parseProse(text.slice(from, match.index)));
    blocks.push({ kind: "code", text: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  return [...blocks, ...parseProse(text.slice(from))];
}

function parseProse(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((chunk) => chunk.split(/\n(?=#{1,6} )|(?<=^#{1,6} [^\n]*)\n/))
    .map((chunk) => chunk.replace(/^\n+|\s+$/g, ""))
    .filter(Boolean)
    .map(parseChunk);
}

function parseChunk(chunk: string): Block {
  const heading = /^(#{1,6}) +(.*)$/.exec(chunk.trim());
  if (heading)
    return { kind: "heading", level: heading[1]?.length ?? 1, inside: parseInline(heading[2] ?? "") };
  const lines = chunk.split("\n");
  const bullet = /^\s*(?:[-*+]|(\d+)[.)]) +/;
  if (lines.every((line) => bullet.test(line) || /^\s{2,}/.test(line)) && bullet.test(lines[0] ?? "")) {
    const items = chunk
      .split(/\n(?=\s*(?:[-*+]|\d+[.)]) +)/)
      .map((item) => parseInline(item.replace(bullet, "")));
    return { kind: "list", ordered: /^\s*\d/.test(chunk), items };
  }
  if (lines.every((line) => line.startsWith(">")))
    return { kind: "quote", inside: parseInline(lines.map((line) => line.replace(/^> ?/, "")).join("\n")) };
  return { kind: "paragraph", inside: parseInline(chunk) };
}

const inline =
  /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|\*(\S(?:.*?\S)?)\*|\b_(\S(?:.*?\S)?)_\b|\[([^\]]+)\]\(([^)\s]+)\)/s;

function parseInline(text: string): Inline[] {
  const match = inline.exec(text);
  if (!match) return text ? [{ kind: "text", text }] : [];
  const before: Inline[] = match.index ? [{ kind: "text", text: text.slice(0, match.index) }] : [];
  return [...before, inlineOf(match), ...parseInline(text.slice(match.index + match[0].length))];
}

function inlineOf([whole, code, bold, bold2, em, em2, words, href]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: "code", text: code };
  const strong = bold ?? bold2;
  if (strong !== undefined) return { kind: "strong", inside: parseInline(strong) };
  const soft = em ?? em2;
  if (soft !== undefined) return { kind: "em", inside: parseInline(soft) };
  // Only addresses that open a page; anything else stays the text it was.
  if (href && /^(https?:|mailto:)/i.test(href))
    return { kind: "link", href, inside: parseInline(words ?? "") };
  return { kind: "text", text: whole };
}
