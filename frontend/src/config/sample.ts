/**
 * Example tasks: data that a configuration can show, made up from its tags alone. The twin of the server's
 * `sample_task`; both are held to the same cases. A JSON comment in the configuration wins.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "./json";
import { examples, examplesByKey } from "./sampleData";
import { scanSource } from "./source";
import { ancestors, type ConfigTree, type TagNode } from "./tree";

type Growing = { [key: string]: JsonValue };

/** Task data with every variable of the configuration, in document order. */
export function sampleTask(tree: ConfigTree): JsonObject {
  const data: Growing = {};
  for (const node of tree.nodes)
    for (const attribute of ["value", "valueList"]) {
      const written = node.raw.getAttribute(attribute) ?? "";
      if (written.length < 2 || !written.startsWith("$")) continue;
      const key = written.replace(/^\$+/, "");
      const example = exampleOf(node, key);
      put(data, key, attribute === "valueList" ? [example, example] : example, indexFlags(node));
    }
  return { ...data, ...commentSample(tree.source) };
}

/** The data of the first comment that holds a JSON object; empty when there is none. */
export function commentSample(source: string): JsonObject {
  for (const comment of scanSource(source).comments) {
    const text = comment.startsWith(" ") ? comment.slice(1) : comment;
    if (!text.startsWith("{")) continue;
    try {
      const found: unknown = JSON.parse(text);
      const data = isJsonObject(found) && "data" in found ? found.data : found;
      return isJsonObject(data) ? data : {};
    } catch {
      return {};
    }
  }
  return {};
}

/** The flags of the Repeaters that a node stands in, innermost first. */
function indexFlags(node: TagNode): string[] {
  return [...ancestors(node)]
    .filter((above) => above.type === "Repeater")
    .map((above) => above.attributes.get("indexflag") || "{{idx}}");
}

function exampleOf(node: TagNode, key: string): JsonValue {
  const known = Object.hasOwn(examplesByKey, key) ? examplesByKey[key] : undefined;
  if (known !== undefined && /^(?:Text|HyperText|HTML|Image|Paragraphs|Pdf)$/.test(node.type)) return known;
  const make = Object.hasOwn(examples, node.type) ? examples[node.type] : undefined;
  if (make) return make(node);
  return node.type.endsWith("Labels") ? [{ value: "First label" }, { value: "Second label" }] : "Something";
}

/** Puts the value under the key; a key with a Repeater's flag becomes two elements of nested lists. */
function put(data: Growing, key: string, value: JsonValue, flags: readonly string[]): void {
  if (flags.some((flag) => key.includes(flag))) putPath(data, stepsOf(key, flags), value);
  else if (!Object.hasOwn(data, key)) data[key] = value;
}

/** `null` stands for the index of a Repeater. */
function stepsOf(key: string, flags: readonly string[]): (string | null)[] {
  const marked = flags.reduce((text, flag) => text.replaceAll(flag, "\0"), key);
  return (marked.match(/[^.[\]]+/g) ?? []).map((step) => (step === "\0" ? null : step));
}

function putPath(target: Growing, [head, ...rest]: readonly (string | null)[], value: JsonValue): void {
  if (typeof head !== "string" || head === "__proto__") return;
  const has = Object.hasOwn(target, head);
  if (rest.length === 0) {
    if (!has) target[head] = value;
  } else if (rest[0] !== null) {
    if (!has) target[head] = {};
    const inner = target[head];
    if (isJsonObject(inner)) putPath(inner as Growing, rest, value);
  } else if (rest.length === 1) {
    if (!has) target[head] = [value, value];
  } else {
    if (!has) target[head] = [{}, {}];
    const rows = target[head];
    for (const row of Array.isArray(rows) ? rows : [])
      if (isJsonObject(row)) putPath(row as Growing, rest.slice(1), value);
  }
}
