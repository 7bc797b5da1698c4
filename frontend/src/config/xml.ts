/**
 * Reads a labeling configuration's text into a tag tree.
 *
 * The browser's XML parser decides what is well-formed; document types are refused as the server does.
 * Unknown tags and attributes stay. Checks of meaning are in `validate.ts`.
 */

import { documentApart } from "../trust";
import { ConfigError, type Fault, type FaultCode, type Said } from "./faults";
import type { TagCatalog } from "./schema";
import { offsetOf, placeOf, type SourceScan, scanSource } from "./source";
import type { ConfigTree, Place, TagNode } from "./tree";

/** Deeper nesting is refused, as the server does. */
export const MAX_DEPTH = 100;

/** Reads a configuration; throws `ConfigError` with every fault and its place when it is not one. */
export function parseConfig(source: string, catalog: TagCatalog): ConfigTree {
  const text = source.trim();
  const scan = scanSource(text);
  const faults = findTextFaults(text, scan);
  if (faults.length) throw new ConfigError(faults);
  const document = new DOMParser().parseFromString(documentApart(withoutCdata(text)), "text/xml");
  const problem = document.querySelector("parsererror");
  if (problem) throw new ConfigError([describeParserError(problem.textContent ?? "", text)]);
  return buildTree(document.documentElement, text, scan, catalog);
}

function findTextFaults(text: string, scan: SourceScan): Fault[] {
  const faults: Fault[] = [];
  const add = (code: FaultCode, said: Said, message: string, offset: number) =>
    faults.push({ code, severity: "error", message, said, place: placeOf(text, offset) });
  if (!text) add("not_xml", ["fault.empty"], "The configuration is empty.", 0);
  const nul = text.indexOf("\0");
  if (nul >= 0) add("not_text", ["fault.nullCharacter"], "Null characters are not allowed.", nul);
  if (scan.doctype >= 0) {
    const message = "A document type (<!DOCTYPE>) is not allowed.";
    add("dtd_not_allowed", ["fault.documentType"], message, scan.doctype);
  }
  for (const tag of scan.tags) {
    const seen = new Set<string>();
    for (const { name, offset } of tag.attributes) {
      if (seen.has(name)) {
        const message = `<${tag.name}> has the attribute ${name} twice.`;
        add("not_xml", ["fault.attributeTwice", { tag: tag.name, name }], message, offset);
      }
      seen.add(name);
    }
  }
  const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.exec(withoutUnparsed(text));
  if (entity) {
    const message = "An & must be written &amp; (or begin a known entity).";
    add("not_xml", ["fault.ampersand"], message, entity.index);
  }
  return faults;
}

/** Blanks out comments and CDATA so that offsets stay. */
function withoutUnparsed(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/g, (part) =>
    " ".repeat(part.length),
  );
}

/** CDATA written as escaped text, which means the same and which every DOM implementation reads. */
function withoutCdata(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>/g, (part, inner: string | undefined) =>
    inner === undefined ? part : inner.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"),
  );
}

function describeParserError(message: string, text: string): Fault {
  const found = /line (\d+)(?: at|,) column (\d+)[:\s]*([^\n]*)/i.exec(message);
  const place: Place | null = found ? { line: Number(found[1]), column: Number(found[2]) } : null;
  const known = place ? placeOf(text, offsetOf(text, place)) : null;
  const words = (found?.[3] ?? message.split("\n")[0] ?? "").replace(/Below is a rendering.*/, "").trim();
  const said: Said = words ? ["fault.brokenXml", { words }] : ["fault.notXml"];
  return { code: "not_xml", severity: "error", message: words || "This is not XML.", said, place: known };
}

interface Draft extends TagNode {
  children: Draft[];
}

function buildTree(root: Element, source: string, scan: SourceScan, catalog: TagCatalog): ConfigTree {
  const nodes: TagNode[] = [];
  let element = 0;
  const grow = (raw: Element, parent: Draft | null, depth: number): Draft => {
    const tag = scan.tags[element++];
    const place = tag ? placeOf(source, tag.offset) : null;
    if (depth > MAX_DEPTH) throw new ConfigError([tooDeep(place)]);
    const node = makeNode({ raw, parent, place, index: nodes.length, catalog }) as Draft;
    nodes.push(node);
    for (const child of Array.from(raw.children)) {
      // Markup kept as content is not part of the tree, except known parts such as Label.
      if (node.schema?.content === "markup" && !hasKnownTag(child, catalog)) skip(child);
      else node.children.push(grow(child, node, depth + 1));
    }
    return node;
  };
  const skip = (raw: Element) => {
    element += 1 + raw.getElementsByTagName("*").length;
  };
  const tree = grow(root, null, 1);
  return { root: tree, nodes, byName: indexNames(nodes), source };
}

function tooDeep(place: Place | null): Fault {
  const message = `Tags are nested more than ${MAX_DEPTH} levels deep.`;
  return {
    code: "too_deep",
    severity: "error",
    message,
    said: ["fault.tooDeep", { most: MAX_DEPTH }],
    place,
  };
}

function hasKnownTag(raw: Element, catalog: TagCatalog): boolean {
  if (catalog.get(raw.tagName)) return true;
  return Array.from(raw.getElementsByTagName("*")).some((child) => catalog.get(child.tagName));
}

interface NodeParts {
  readonly raw: Element;
  readonly parent: TagNode | null;
  readonly place: Place | null;
  readonly index: number;
  readonly catalog: TagCatalog;
}

function makeNode({ raw, parent, place, index, catalog }: NodeParts): TagNode {
  const attributes = new Map<string, string>();
  for (const { name, value } of Array.from(raw.attributes)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, value);
  }
  const schema = catalog.get(raw.tagName) ?? null;
  const toName = attributes.get("toname");
  return {
    index,
    tag: raw.tagName,
    type: schema?.name ?? raw.tagName,
    schema,
    name: attributes.get("name") || null,
    toNames: toName ? toName.split(",") : [],
    attributes,
    content: readContent(raw, schema?.content ?? (raw.children.length ? "none" : "text")),
    children: [],
    parent,
    place,
    raw,
  };
}

function readContent(raw: Element, content: "text" | "markup" | "none"): string {
  if (content === "none") return "";
  if (content === "text") return (raw.textContent ?? "").trim();
  const serializer = new XMLSerializer();
  return Array.from(raw.childNodes, (child) => serializer.serializeToString(child))
    .join("")
    .trim();
}

/** Finds named nodes; the first holder of a name wins. */
export function indexNames(nodes: readonly TagNode[]): Map<string, TagNode> {
  const byName = new Map<string, TagNode>();
  for (const node of nodes) if (node.name !== null && !byName.has(node.name)) byName.set(node.name, node);
  return byName;
}
