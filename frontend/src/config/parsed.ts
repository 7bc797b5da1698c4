/**
 * `parsed_label_config`: the summary of controls that servers store and clients read. The twin of the
 * server's; both are held to the same cases. Works on the text's own case, as the server does.
 */
import type { JsonObject, JsonValue } from "./json";
import type { ConfigTree, TagNode } from "./tree";

const labelTags = new Set(["Label", "Choice", "Relation"]);

/** The summary: control name to its type, targets, inputs, labels and labels' attributes. */
export function summarizeConfig(tree: ConfigTree): JsonObject {
  const controls = tree.nodes.filter(isControl);
  const inputs = new Map<string, TagNode>();
  for (const node of tree.nodes) {
    const name = written(node, "name");
    if (name && !isControl(node) && (hasText(node, "value") || hasText(node, "valueList")))
      inputs.set(name, node);
  }
  const flags = indexFlags(tree);
  const summary: Record<string, JsonValue> = {};
  for (const control of controls)
    summary[written(control, "name") ?? ""] = summarize(control, tree, inputs, flags);
  return summary;
}

function written(node: TagNode, name: string): string | null {
  return node.raw.getAttribute(name);
}

function hasText(node: TagNode, name: string): boolean {
  return Boolean(written(node, name));
}

function isControl(node: TagNode): boolean {
  return node.tag !== "Filter" && hasText(node, "name") && hasText(node, "toName");
}

function summarize(
  control: TagNode,
  tree: ConfigTree,
  inputs: ReadonlyMap<string, TagNode>,
  flags: readonly string[],
): JsonObject {
  const toNames = (written(control, "toName") ?? "").split(",");
  const labels = labelsOf(control, tree);
  const conditionals = conditionalsOf(control);
  const regex = flags.filter((flag) => toNames.some((name) => name.includes(flag)));
  return {
    type: control.tag,
    to_name: toNames,
    inputs: toNames.flatMap((name) => {
      const input = inputs.get(name);
      return input ? [describeInput(input)] : [];
    }),
    labels: [...labels.keys()],
    labels_attrs: Object.fromEntries(labels),
    ...(isDynamic(control) ? { dynamic_labels: true } : {}),
    ...(conditionals ? { conditionals } : {}),
    ...(regex.length ? { regex: Object.fromEntries(regex.map((flag) => [flag, ".*"])) } : {}),
  };
}

function describeInput(input: TagNode): JsonObject {
  const key = hasText(input, "value") ? "value" : "valueList";
  return {
    type: input.tag,
    valueType: written(input, "valueType"),
    [key]: (written(input, key) ?? "").replace(/^\$+/, ""),
  };
}

function labelsOf(control: TagNode, tree: ConfigTree): Map<string, JsonObject> {
  const labels = new Map<string, JsonObject>();
  for (const node of tree.nodes) {
    if (!labelTags.has(node.tag) || nearestControl(node) !== control) continue;
    const label = written(node, "alias") || written(node, "value") || written(node, "valueList");
    if (!label) continue;
    const attributes = Array.from(node.raw.attributes, ({ name, value }) => [name, value] as const);
    labels.set(label, Object.fromEntries(attributes));
  }
  return labels;
}

function nearestControl(node: TagNode): TagNode | null {
  for (let up = node.parent; up; up = up.parent) if (isControl(up)) return up;
  return null;
}

function isDynamic(control: TagNode): boolean {
  return /^\$[A-Za-z_]+$/.test(written(control, "value") ?? "") || hasText(control, "apiUrl");
}

function conditionalsOf(control: TagNode): JsonObject | null {
  if (written(control, "perRegion") !== "true") return null;
  const kinds = [
    ["tag", "whenTagName"],
    ["label", "whenLabelValue"],
    ["choice", "whenChoiceValue"],
  ] as const;
  for (const [type, attribute] of kinds)
    if (hasText(control, attribute)) return { type, name: written(control, attribute) };
  return null;
}

function indexFlags(tree: ConfigTree): string[] {
  return tree.nodes.flatMap((node) => written(node, "indexFlag") || []);
}
