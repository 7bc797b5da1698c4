/** What an annotation still lacks before it may be submitted. */
import { readFlag, readText } from "./attributes";
import type { JsonObject } from "./json";
import { type ConfigTree, controlsOf, type TagNode } from "./tree";
import { fitsRegion, isVisible, type SelectedRegion, type VisibilityState } from "./visibility";

export interface AnsweredRegion extends SelectedRegion {
  readonly id: string;
}

export interface Answers {
  /** Whether the control has a value: for a region, a page, or (neither given) at all. */
  has(control: TagNode, at: { readonly region?: string; readonly item?: number }): boolean;
  readonly regions: readonly AnsweredRegion[];
  /** Pages of an object: 1 unless it shows a list. */
  pages(object: string): number;
  readonly state: VisibilityState;
}

export interface Missing {
  readonly control: TagNode;
  /** What the configuration says about it, else "". */
  readonly message: string;
  /** The first region, or page, that lacks the value. */
  readonly region?: string;
  readonly item?: number;
}

/** Every required control without its value, in document order. Hidden controls are not asked for. */
export function missingAnswers(
  tree: ConfigTree,
  answers: Answers,
  data: JsonObject = {},
): readonly Missing[] {
  return controlsOf(tree)
    .filter((control) => readFlag(control, "required"))
    .flatMap((control) => missingFrom(control, answers, data) ?? []);
}

function missingFrom(control: TagNode, answers: Answers, data: JsonObject): Missing | null {
  const message = readText(control, "requiredMessage", data);
  if (readFlag(control, "perRegion")) {
    const lacking = answers.regions.find(
      (region) =>
        control.toNames.includes(region.object) &&
        isVisible(control, { ...answers.state, selected: [region] }) &&
        fitsRegion(control, region) &&
        !answers.has(control, { region: region.id }),
    );
    return lacking ? { control, message, region: lacking.id } : null;
  }
  if (!isVisible(control, answers.state)) return null;
  if (readFlag(control, "perItem")) {
    const pages = answers.pages(control.toNames[0] ?? "");
    for (let item = 0; item < pages; item++)
      if (!answers.has(control, { item })) return { control, message, item };
    return null;
  }
  return answers.has(control, {}) ? null : { control, message };
}
