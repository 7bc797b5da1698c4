/** What can be done with selected regions of an Image, as in a drawing program: names, keys, and how many it takes. */
import type { Arranger } from "../../canvas/arranger";
import type { TagWord } from "../_contract/english";

export interface Arranging {
  readonly name: string;
  readonly title: TagWord;
  /** As configurations write keys; those of signs and of Alt by their place. */
  readonly key: string;
  /** How many regions must be selected. */
  readonly least: number;
  /** Gives whether there was anything to do. */
  readonly run: (arranger: Arranger) => boolean;
}

export const ARRANGING: readonly Arranging[] = [
  act("forward", "bringForward", "ctrl+BracketRight", 1, (arranger) => arranger.step(1)),
  act("backward", "sendBackward", "ctrl+BracketLeft", 1, (arranger) => arranger.step(-1)),
  act("front", "bringToFront", "alt+BracketRight", 1, (arranger) => arranger.toEnd("front")),
  act("back", "sendToBack", "alt+BracketLeft", 1, (arranger) => arranger.toEnd("back")),
  act("left", "alignLeft", "alt+KeyA", 2, (arranger) => arranger.align("left")),
  act("center", "alignCenter", "alt+KeyH", 2, (arranger) => arranger.align("center")),
  act("right", "alignRight", "alt+KeyD", 2, (arranger) => arranger.align("right")),
  act("top", "alignTop", "alt+KeyW", 2, (arranger) => arranger.align("top")),
  act("middle", "alignMiddle", "alt+KeyV", 2, (arranger) => arranger.align("middle")),
  act("bottom", "alignBottom", "alt+KeyS", 2, (arranger) => arranger.align("bottom")),
  act("across", "distributeAcross", "alt+shift+KeyH", 3, (arranger) => arranger.distribute("across")),
  act("down", "distributeDown", "alt+shift+KeyV", 3, (arranger) => arranger.distribute("down")),
  act("group", "group", "ctrl+g", 2, (arranger) => arranger.group()),
  act("ungroup", "ungroup", "ctrl+shift+g", 1, (arranger) => arranger.ungroup()),
];

/** Snapping is no deed but a state; its key is changed like the others. */
export const SNAPPING = { name: "snapping", title: "snapping", key: "alt+KeyN" } as const;

function act(name: string, title: TagWord, key: string, least: number, run: Arranging["run"]): Arranging {
  return { name, title, key, least, run };
}
