/**
 * Every pair of an object and a control that the tags' schemas allow, with what a person makes of it. What a tag
 * is told to write stands in `pairValues.ts`; a tag without an entry there fails the matrix.
 */
import type { ResultItem } from "../../src/api/types";
import type { TagDefinition } from "../../src/tags/_contract/contract";
import { registry } from "../../src/tags/_contract/registry";
import {
  type Answer,
  answerOf,
  type ObjectCase,
  objectCases,
  type RegionCase,
  regionCases,
} from "./pairValues";

/** One configuration, what is made with it, and what is left after something was changed. */
export interface Pair {
  readonly name: string;
  readonly config: string;
  readonly data: object;
  /** What a person makes of a new task. */
  readonly made: readonly ResultItem[];
  /** What is done later, when the annotation is opened again. */
  readonly change: Change;
  /** What is stored after that. */
  readonly left: readonly ResultItem[];
}

export type Change =
  /** Further results; those of the same control and target take the place of the old ones. */
  | { readonly kind: "make"; readonly items: readonly ResultItem[] }
  /** The first region gets another label. */
  | { readonly kind: "relabel"; readonly label: string }
  /** The first region is deleted. */
  | { readonly kind: "delete" };

const all = registry.all();
const objects = all.filter((tag) => tag.role === "object");
const controls = all.filter((tag) => tag.role === "control");
const worksOn = (control: TagDefinition, object: TagDefinition) =>
  control.objects === undefined || control.objects.includes(object.name);

/** Tags that stand for a pair and have no entry in the tables. */
export function missingCases(): string[] {
  return [
    ...objects.filter((tag) => !objectCases[tag.name]).map((tag) => tag.name),
    ...controls
      .filter((tag) => (tag.makesRegions ? !regionCases[tag.name] : !answerOf(tag.name)))
      .map((tag) => tag.name),
  ];
}

/** All pairs, in all the ways that the control's attributes allow. */
export function allPairs(): Pair[] {
  return [...pairsOfOne(), acrossPair()];
}

function pairsOfOne(): Pair[] {
  return objects.flatMap((object) => {
    const own = objectCases[object.name];
    if (!own) return [];
    const on = controls.filter((control) => worksOn(control, object));
    const placing = on.filter((control) => control.makesRegions);
    return [
      ...placing.flatMap((control) => placedPairs(object, own, control, placing)),
      ...on
        .filter((control) => !control.makesRegions)
        .flatMap((control) => answerPairs(object, own, control)),
      ...(own.region ? [relationPair(object, own)] : []),
    ];
  });
}

const element = (tag: string, attributes: string, inner = "") =>
  inner ? `<${tag} ${attributes}>${inner}</${tag}>` : `<${tag} ${attributes}/>`;

const configOf = (own: ObjectCase, ...parts: readonly string[]) =>
  `<View>${parts.join("")}${own.markup("obj")}</View>`;

const LABELS = '<Label value="Alpha"/><Label value="Beta" alias="B"/>';

/** A control that draws or marks; the tools without labels also with those of a Labels beside them. */
function placedPairs(
  object: TagDefinition,
  own: ObjectCase,
  control: TagDefinition,
  placing: readonly TagDefinition[],
): Pair[] {
  if (own.spans === undefined && control.name === "Labels") return [];
  const written = regionCases[control.name];
  if (!written) return [];
  const markup = element(
    control.name,
    `name="c" toName="obj" ${written.attributes ?? ""}`,
    control.hasLabels ? LABELS : "",
  );
  const [first, second] = regionItems(own, control, written);
  const plain: Pair = {
    name: `${object.name} + ${control.name}`,
    config: configOf(own, markup),
    data: own.data,
    made: [first],
    change: control.hasLabels ? { kind: "relabel", label: "Beta" } : { kind: "delete" },
    left: control.hasLabels ? [relabelled(first, "B")] : [],
  };
  const more: Pair = {
    ...plain,
    name: `${plain.name}, a second one`,
    change: { kind: "make", items: [second] },
    left: [first, second],
  };
  if (control.hasLabels || !placing.some((tag) => tag.name === "Labels"))
    return control.hasLabels ? [plain] : [plain, more];
  const list = element("Labels", 'name="l" toName="obj"', LABELS);
  const label = labelled(first, "l", "labels", "Alpha");
  return [
    plain,
    more,
    {
      ...plain,
      name: `${object.name} + Labels + ${control.name}`,
      config: configOf(own, list, markup),
      made: [first, label],
      change: { kind: "relabel", label: "Beta" },
      left: [first, relabelled(label, "B")],
    },
  ];
}

function regionItems(own: ObjectCase, control: TagDefinition, written: RegionCase): [ResultItem, ResultItem] {
  const type = control.resultTypes[0] ?? "";
  const make = (id: string, value: object): ResultItem => ({
    id,
    from_name: "c",
    to_name: "obj",
    type,
    origin: "manual",
    ...own.shared,
    value: { ...value, ...(control.hasLabels ? { [type]: ["Alpha"] } : {}) },
  });
  const [a, b] = own.spans ?? written.values ?? [{}, {}];
  return [make("r1", a), make("r2", b)];
}

const labelled = (item: ResultItem, from: string, type: string, label: string): ResultItem => ({
  ...item,
  from_name: from,
  type,
  value: { ...item.value, [type]: [label] },
});

const relabelled = (item: ResultItem, label: string): ResultItem => ({
  ...item,
  value: { ...item.value, [item.type]: [label] },
});

/** A control that asks: about the object, about each region, about each page, and as labels for spans. */
function answerPairs(object: TagDefinition, own: ObjectCase, control: TagDefinition): Pair[] {
  const answer = answerOf(control.name);
  if (!answer) return [];
  const name = `${object.name} + ${control.name}`;
  const markup = (more: string) =>
    element(
      control.name,
      `name="c" toName="${answer.toName ?? "obj"}" ${answer.attributes ?? ""} ${more}`,
      answer.inner,
    );
  const item = (id: string, value: object, more: object = {}): ResultItem => ({
    id,
    from_name: "c",
    to_name: answer.writtenTo ?? "obj",
    type: control.resultTypes[0] ?? "",
    origin: "manual",
    ...more,
    value: { ...value },
  });
  const twin = answer.toName?.includes(",") ? own.markup("other") : "";
  const pairs: Pair[] = [
    {
      name,
      config: configOf(own, markup(""), twin),
      data: own.data,
      made: [item("a", answer.value)],
      change: { kind: "make", items: [item("a", answer.again)] },
      left: [item("a", answer.after)],
    },
  ];
  if (control.attrs.perRegion && own.region)
    pairs.push(perRegion(name, own, own.region, control, answer, markup));
  if (control.attrs.perItem && object.attrs.valueList) {
    const paged = own.pages;
    if (paged)
      pairs.push({
        name: `${name} perItem`,
        config: `<View>${markup('perItem="true"')}${paged.markup}</View>`,
        data: paged.data,
        made: [item("a", answer.value, { item_index: 1 })],
        change: { kind: "make", items: [item("b", answer.value, { item_index: 0 })] },
        left: [item("a", answer.value, { item_index: 1 }), item("b", answer.value, { item_index: 0 })],
      });
  }
  if (control.attrs.labeling && own.spans && answer.path)
    pairs.push(labeling(name, own, control, answer, markup));
  return pairs;
}

type Markup = (more: string) => string;

function perRegion(
  name: string,
  own: ObjectCase,
  region: string,
  control: TagDefinition,
  answer: Answer,
  markup: Markup,
): Pair {
  const marker = registry.get(region);
  const written = regionCases[region];
  if (!marker || !written) throw new Error(`${region} makes no regions`);
  const [place] = regionItems(own, marker, written);
  const { [marker.resultTypes[0] ?? ""]: _, text, ...where } = (place.value ?? {}) as Record<string, unknown>;
  const item = (value: object): ResultItem => ({
    ...place,
    type: control.resultTypes[0] ?? "",
    from_name: "c",
    value: { ...where, ...(text === undefined ? {} : { text }), ...value },
  });
  const marked = { ...place, from_name: "mark" };
  return {
    name: `${name} perRegion`,
    config: configOf(own, element(region, 'name="mark" toName="obj"', LABELS), markup('perRegion="true"')),
    data: own.data,
    made: [marked, item(answer.value)],
    change: { kind: "make", items: [item(answer.again)] },
    left: [marked, item(answer.after)],
  };
}

/** A tree that labels spans, as a list of labels would. */
function labeling(
  name: string,
  own: ObjectCase,
  control: TagDefinition,
  answer: Answer,
  markup: Markup,
): Pair {
  const type = control.resultTypes[0] ?? "";
  const [a, b] = own.spans ?? [{}, {}];
  const item = (id: string, span: object): ResultItem => ({
    id,
    from_name: "c",
    to_name: "obj",
    type,
    origin: "manual",
    value: { ...span, [type]: answer.path },
  });
  return {
    name: `${name} labeling`,
    config: configOf(own, markup('labeling="true"')),
    data: own.data,
    made: [item("r1", a)],
    change: { kind: "make", items: [item("r2", b)] },
    left: [item("r1", a), item("r2", b)],
  };
}

/** A region of a picture and one of a text, with a word between them. */
function acrossPair(): Pair {
  const [picture, text] = [objectCases.Image, objectCases.Text];
  const [box, labels] = [registry.get("RectangleLabels"), registry.get("Labels")];
  const written = regionCases.RectangleLabels;
  if (!picture || !text || !box || !labels || !written) throw new Error("there are no pictures or no texts");
  const [a] = regionItems(picture, box, written);
  const [made] = regionItems(text, labels, {});
  const b: ResultItem = { ...labelled(made, "d", "labels", "Gamma"), id: "r2", to_name: "other" };
  const relation: ResultItem = {
    type: "relation",
    from_id: "r1",
    to_id: "r2",
    direction: "right",
    labels: ["far"],
  };
  return {
    name: "Image and Text + Relations",
    config: configOf(
      picture,
      element("RectangleLabels", 'name="c" toName="obj"', LABELS),
      element("Labels", 'name="d" toName="other"', '<Label value="Gamma"/>'),
      '<Relations><Relation value="near"/><Relation value="far"/></Relations>',
      text.markup("other"),
    ),
    data: { ...picture.data, ...text.data },
    made: [a, b, relation],
    change: { kind: "relabel", label: "Beta" },
    left: [relabelled(a, "B"), b, relation],
  };
}

/** Two regions of an object with a word between them. */
function relationPair(object: TagDefinition, own: ObjectCase): Pair {
  const region = registry.get(own.region ?? "");
  const written = regionCases[own.region ?? ""];
  if (!region || !written) throw new Error(`no control is named that makes regions on ${object.name}`);
  const [a, b] = regionItems(own, region, written);
  const relation: ResultItem = {
    type: "relation",
    from_id: "r1",
    to_id: "r2",
    direction: "right",
    labels: ["near"],
  };
  return {
    name: `${object.name} + Relations`,
    config: configOf(
      own,
      element(region.name, 'name="c" toName="obj"', LABELS),
      '<Relations><Relation value="near"/><Relation value="far"/></Relations>',
    ),
    data: own.data,
    made: [a, b, relation],
    change: { kind: "relabel", label: "Beta" },
    left: [relabelled(a, "B"), b, relation],
  };
}
