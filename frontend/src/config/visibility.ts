/**
 * What of a configuration is shown now: `visibleWhen` and its narrowing attributes, `perRegion`, and hidden
 * parents. Pure: the state of the annotation comes in as a few questions.
 */
import { readFlag, readText, readWords } from "./attributes";
import type { JsonObject } from "./json";
import { ancestors, type TagNode } from "./tree";

/** A selected region: its labels, and the controls that labeled it. */
export interface SelectedRegion {
  readonly object: string;
  readonly labels: readonly string[];
  readonly controls: readonly string[];
}

/** What the rules ask about the annotation. */
export interface VisibilityState {
  readonly selected: readonly SelectedRegion[];
  /** Controls that choose (Choices, Taxonomy) with what is chosen in them; paths give their last part. */
  chosen(control: TagNode): readonly string[];
  /** The choosing controls of the configuration. */
  readonly choosers: readonly TagNode[];
  readonly data: JsonObject;
}

/** Whether a node is shown: by its own rules and by those of every parent. */
export function isVisible(node: TagNode, state: VisibilityState): boolean {
  return meetsRules(node, state) && [...ancestors(node)].every((up) => meetsRules(up, state));
}

/** Whether a node's own rules hold, whatever its parents say. */
export function meetsRules(node: TagNode, state: VisibilityState): boolean {
  if (readFlag(node, "perRegion") && !perRegionApplies(node, state)) return false;
  return meetsWhen(node, state);
}

function meetsWhen(node: TagNode, state: VisibilityState): boolean {
  const rule = readText(node, "visibleWhen").trim().toLowerCase();
  if (rule === "region-selected") return state.selected.some((region) => fitsRegion(node, region));
  if (rule === "no-region-selected") return state.selected.length === 0;
  if (rule === "choice-selected") return hasChoice(node, state);
  if (rule === "choice-unselected") return !hasChoice(node, state);
  return rule !== "" || !node.attributes.has("whenchoicevalue") || hasChoice(node, state);
}

/** Whether a node is out of play because of choices made elsewhere: its values are then not written. */
export function isRuledOut(node: TagNode, state: VisibilityState): boolean {
  return [node, ...ancestors(node)].some((at) => {
    const rule = readText(at, "visibleWhen").trim().toLowerCase();
    return rule.startsWith("choice-") && !meetsWhen(at, state);
  });
}

/** Whether a per-region control speaks of the selected region: its object's, and with a fitting label. */
export function perRegionApplies(control: TagNode, state: VisibilityState): boolean {
  return state.selected.some(
    (region) =>
      (control.toNames.length === 0 || control.toNames.includes(region.object)) &&
      fitsRegion(control, region),
  );
}

/** Whether a region fits `whenTagName` (the control that labeled it) and `whenLabelValue`. */
export function fitsRegion(node: TagNode, region: SelectedRegion): boolean {
  const tags = readWords(node, "whenTagName");
  const labels = readWords(node, "whenLabelValue");
  if (tags.length && !tags.some((tag) => region.controls.includes(tag) || region.object === tag))
    return false;
  return !labels.length || labels.some((label) => region.labels.includes(label));
}

/** The choices a rule looks at: those of `whenTagName`, else of every choosing control. Hidden ones choose nothing. */
function hasChoice(node: TagNode, state: VisibilityState): boolean {
  const tags = readWords(node, "whenTagName");
  const values = readWords(node, "whenChoiceValue");
  const watched = state.choosers.filter(
    (control) => control !== node && (tags.length === 0 || tags.includes(control.name ?? "")),
  );
  return watched.some((control) => {
    if (!isVisibleFrom(control, state, new Set([node]))) return false;
    const chosen = state.chosen(control);
    return values.length ? values.some((value) => chosen.includes(value)) : chosen.length > 0;
  });
}

/** As `isVisible`, but a ring of rules (A needs B, B needs A) ends as hidden instead of never. */
function isVisibleFrom(node: TagNode, state: VisibilityState, asked: ReadonlySet<TagNode>): boolean {
  const again = new Set(asked).add(node);
  const guarded: VisibilityState = {
    ...state,
    choosers: state.choosers.filter((control) => !again.has(control)),
    chosen: state.chosen,
  };
  return isVisible(node, guarded);
}
