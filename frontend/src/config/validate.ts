/**
 * Checks of a configuration: the server's rules as errors (`server` below mirrors it, in its order), and
 * what else the schemas can tell as warnings. Every fault is given with its place, not only the first.
 */
import { attributeSchema, rawAttribute } from "./attributes";
import { ConfigError, type Fault, type FaultCode, nearest, type Said } from "./faults";
import type { AttributeSchema, TagCatalog } from "./schema";
import { ancestors, type ConfigTree, type Place, type TagNode } from "./tree";
import { parseConfig } from "./xml";

export interface Validation {
  /** True when no fault is an error: what the server accepts. */
  readonly valid: boolean;
  readonly faults: readonly Fault[];
  readonly tree: ConfigTree | null;
}

/** Reads and checks a configuration's text. */
export function validateConfig(source: string, catalog: TagCatalog): Validation {
  try {
    const tree = parseConfig(source, catalog);
    const faults = validateTree(tree, catalog);
    return { valid: faults.every((fault) => fault.severity !== "error"), faults, tree };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { valid: false, faults: error.faults, tree: null };
  }
}

/** Checks a tree that was read already. */
export function validateTree(tree: ConfigTree, catalog: TagCatalog): readonly Fault[] {
  return [
    ...checkStructure(tree),
    ...checkNames(tree),
    ...checkTargets(tree),
    ...checkVideos(tree),
    ...checkSchemas(tree, catalog),
  ];
}

function fault(
  code: FaultCode,
  node: { readonly place: Place | null },
  said: Said,
  message: string,
  more: Partial<Fault> = {},
): Fault {
  return { code, severity: "error", message, said, place: node.place, ...more };
}

const has = (node: TagNode, attribute: string) => node.raw.hasAttribute(attribute);
const childrenCalled = (node: TagNode, tag: string) => node.children.filter((child) => child.tag === tag);

/** The server's schema looks at Views in Views from the root, and at Views inside Choices and Labels. */
function checkStructure(tree: ConfigTree): Fault[] {
  if (tree.root.tag !== "View") return [];
  const faults: Fault[] = [];
  const walk = (view: TagNode, path: string) => {
    const counts = new Map<string, number>();
    for (const node of view.children) {
      const nth = (counts.get(node.tag) ?? 0) + 1;
      counts.set(node.tag, nth);
      const where = `${path}/${node.tag}[${nth}]`;
      faults.push(...(structureRules[node.tag]?.(node, where, view !== tree.root) ?? []));
      if (node.tag === "View") walk(node, where);
      if (node.tag === "Choices" || node.tag === "Labels")
        for (const inner of childrenCalled(node, "View")) walk(inner, `${where}/View`);
    }
  };
  walk(tree.root, "View");
  return faults;
}

type StructureRule = (node: TagNode, path: string, inner: boolean) => Fault[];

const requireAttributes = (node: TagNode, path: string, ...names: readonly string[]): Fault[] =>
  names
    .filter((name) => !has(node, name))
    .map((name) => {
      const said: Said = ["fault.missingAttribute", { tag: node.tag, name }];
      const message = `Validation failed on ${path}: '${name}' is a required property`;
      const more = node.attributes.has(name.toLowerCase()) ? { suggestion: name } : {};
      return fault("missing_attribute", node, said, message, more);
    });

const needsItems =
  (item: string): StructureRule =>
  (node, path) => {
    const items = childrenCalled(node, item);
    const offered = items.length > 0 || has(node, "value") || childrenCalled(node, "View").length > 0;
    const said: Said = ["fault.missingItems", { tag: node.tag, item }];
    const message = `Validation failed on ${path}: '${item}' is a required property`;
    return [
      ...requireAttributes(node, path, "name", "toName"),
      ...(offered ? [] : [fault("missing_items", node, said, message)]),
      ...items.flatMap((child) => requireAttributes(child, `${path}/${item}`, "value")),
    ];
  };

const showsData: StructureRule = (node, path) => {
  const faults = requireAttributes(node, path, "name");
  if (has(node, "value") && has(node, "valueList")) {
    const message = `Validation failed on ${path}: either 'value' or 'valueList', not both`;
    faults.push(fault("conflicting_attributes", node, ["fault.valueAndList", { tag: node.tag }], message));
  }
  if (!has(node, "value") && !has(node, "valueList")) faults.push(...requireAttributes(node, path, "value"));
  return faults;
};

const named: StructureRule = (node, path) => requireAttributes(node, path, "name", "toName");
const itemInView: StructureRule = (node, path, inner) =>
  inner ? requireAttributes(node, path, "value") : [];

const structureRules: Readonly<Record<string, StructureRule>> = {
  Choices: needsItems("Choice"),
  Labels: needsItems("Label"),
  TextArea: named,
  Number: named,
  Image: showsData,
  Text: showsData,
  HyperText: showsData,
  Label: itemInView,
  Choice: itemInView,
};

/** Attributes whose written name ends in "name" hold names, even `toname`: so the server reads the text. */
const namesIn = (node: TagNode): string[] =>
  Array.from(node.raw.attributes).flatMap(({ name, value }) => (name.endsWith("name") ? [value] : []));

function checkNames(tree: ConfigTree): Fault[] {
  const seen = new Set<string>();
  return tree.nodes.flatMap((node) =>
    namesIn(node).flatMap((name) => {
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      const message = `Label config contains non-unique names: "${name}"`;
      return [fault("duplicate_name", node, ["fault.duplicateName", { name }], message)];
    }),
  );
}

function checkTargets(tree: ConfigTree): Fault[] {
  const names = [...new Set(tree.nodes.flatMap(namesIn))];
  return tree.nodes.flatMap((node) =>
    (node.raw.getAttribute("toName")?.split(",") ?? [])
      .filter((target) => !names.includes(target))
      .map((target) => {
        const known = names.map((name) => `'${name}'`).join(", ");
        const suggestion = nearest(target, names);
        const message = `toName="${target}" not found in names: [${known}]`;
        const said: Said = ["fault.unknownTarget", { target }];
        return fault("unknown_to_name", node, said, message, suggestion ? { suggestion } : {});
      }),
  );
}

const SPEEDS = { least: 0.05, most: 10 };

function checkVideos(tree: ConfigTree): Fault[] {
  return tree.nodes
    .filter((node) => node.tag === "Video")
    .flatMap((node) => {
      const bad = (said: Said, words: string) => [
        fault("bad_video_speed", node, said, `Video tag "${node.name ?? ""}": ${words}`),
      ];
      const written = ["defaultPlaybackSpeed", "minPlaybackSpeed"].filter((name) => has(node, name));
      for (const name of written) {
        const speed = Number(node.raw.getAttribute(name) || "x");
        if (!(speed >= SPEEDS.least && speed <= SPEEDS.most))
          return bad(
            ["fault.speedRange", { name, ...SPEEDS }],
            `${name} must be a number from ${SPEEDS.least} to ${SPEEDS.most}`,
          );
      }
      const usual = Number(node.raw.getAttribute("defaultPlaybackSpeed") ?? 1);
      const least = Number(node.raw.getAttribute("minPlaybackSpeed") ?? 0.25);
      const message = "minPlaybackSpeed must not be above defaultPlaybackSpeed";
      return least > usual ? bad(["fault.speedOrder"], message) : [];
    });
}

/** Everything else the schemas tell; none of it refuses the configuration. */
function checkSchemas(tree: ConfigTree, catalog: TagCatalog): Fault[] {
  const warn = { severity: "warning" } as const;
  return tree.nodes.flatMap((node) => {
    if (!node.schema) return unknownTag(node, catalog);
    const faults = [...node.attributes].flatMap(([name, value]) => checkAttribute(node, name, value));
    for (const [name, schema] of Object.entries(node.schema.attrs))
      if (schema.required && rawAttribute(node, name) === null)
        faults.push(
          fault(
            "missing_attribute",
            node,
            ["fault.missingAttribute", { tag: node.tag, name }],
            `<${node.tag}> needs ${name}.`,
            warn,
          ),
        );
    const { parents } = node.schema;
    if (parents && ![...ancestors(node)].some((up) => parents.includes(up.type)))
      faults.push(
        fault(
          "wrong_parent",
          node,
          ["fault.wrongParent", { tag: node.tag, parents: parents.join(", ") }],
          `<${node.tag}> belongs in ${parents.join(" or ")}.`,
          warn,
        ),
      );
    return [...faults, ...checkObjects(node, tree)];
  });
}

/** Tags inside other tags' markup are theirs; only those with the look of a tag are told. */
function unknownTag(node: TagNode, catalog: TagCatalog): Fault[] {
  const suggestion = nearest(
    node.tag,
    catalog.all().map((schema) => schema.name),
  );
  const more = { severity: "warning", ...(suggestion ? { suggestion } : {}) } as const;
  const message = `<${node.tag}> is not a tag Skylabel knows. What is inside it is shown.`;
  return [fault("unknown_tag", node, ["fault.unknownTag", { tag: node.tag }], message, more)];
}

const everywhere = new Set([
  "name",
  "toname",
  "classname",
  "style",
  "idattr",
  "visiblewhen",
  "whentagname",
  "whenlabelvalue",
  "whenchoicevalue",
  "whenrole",
  "required",
  "requiredmessage",
  "perregion",
  "peritem",
  "title",
]);

function checkAttribute(node: TagNode, name: string, value: string): Fault[] {
  const schema = node.schema ? attributeSchema(node.schema, name) : undefined;
  const warn = { severity: "warning" } as const;
  if (!schema) {
    if (everywhere.has(name) || name.includes(":")) return [];
    const suggestion = nearest(name, Object.keys(node.schema?.attrs ?? {}));
    const more = { ...warn, ...(suggestion ? { suggestion } : {}) };
    const said: Said = ["fault.unknownAttribute", { tag: node.tag, name }];
    return [fault("unknown_attribute", node, said, `<${node.tag}> has no attribute ${name}.`, more)];
  }
  const problem = value.includes("$") ? null : problemWith(schema, value);
  if (!problem) return [];
  const values = schema.values?.join(", ") ?? "";
  const said: Said = [problem, { tag: node.tag, name, value, values }];
  const message = `${name}="${value}" of <${node.tag}> ${problems[problem].replace("{values}", values)}.`;
  return [fault("bad_value", node, said, message, warn)];
}

const problems = {
  "fault.notNumber": "is not a number",
  "fault.notBoolean": "must be true or false",
  "fault.notOneOf": "must be one of {values}",
} as const;

function problemWith(schema: AttributeSchema, value: string): keyof typeof problems | null {
  if (schema.type === "number" && !Number.isFinite(Number.parseFloat(value))) return "fault.notNumber";
  if (schema.type === "boolean" && !/^(true|false)$/i.test(value)) return "fault.notBoolean";
  const values = schema.values?.map((known) => known.toLowerCase());
  if (schema.type === "enum" && values && !values.includes(value.trim().toLowerCase()))
    return "fault.notOneOf";
  return null;
}

function checkObjects(node: TagNode, tree: ConfigTree): Fault[] {
  if (node.schema?.role !== "control") return [];
  const warn = { severity: "warning" } as const;
  const targets = node.toNames.flatMap((name) => tree.byName.get(name) ?? []);
  const { objects } = node.schema;
  const wrong = targets.filter((target) => objects && target !== node && !objects.includes(target.type));
  const { tag } = node;
  const works = objects?.join(", ") ?? "";
  const faults = wrong.map((target) =>
    fault(
      "bad_object",
      node,
      ["fault.badObject", { tag, target: target.tag, objects: works }],
      `<${tag}> cannot work on <${target.tag}>; it works on ${works}.`,
      warn,
    ),
  );
  if (node.toNames.length > 0 || objectCount(tree) === 1) return faults;
  const message = `<${tag}> does not say which object it labels (toName).`;
  return [fault("no_object", node, ["fault.noObject", { tag }], message, warn), ...faults];
}

function objectCount(tree: ConfigTree): number {
  return tree.nodes.filter((node) => node.schema?.role === "object").length;
}
