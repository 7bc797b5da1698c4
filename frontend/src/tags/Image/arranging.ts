/** What can be done with selected regions of an Image, as in a drawing program: names, keys, and how many it takes. */
import type { ImageEditor } from "../../canvas/editor";
import type { TagWord } from "../_contract/english";

export interface Arranging {
  readonly name: string;
  readonly title: TagWord;
  /** As configurations write keys; those of signs and of Alt by their place. */
  readonly key: string;
  /** How many regions must be selected. */
  readonly least: number;
  /** Gives whether there was anything to do. */
  readonly run: (editor: ImageEditor) => boolean;
}

export const ARRANGING: readonly Arranging[] = [
  act("forward", "bringForward", "ctrl+BracketRight", 1, ({ arrange }) => arrange.step(1)),
  act("backward", "sendBackward", "ctrl+BracketLeft", 1, ({ arrange }) => arrange.step(-1)),
  act("front", "bringToFront", "alt+BracketRight", 1, ({ arrange }) => arrange.toEnd("front")),
  act("back", "sendToBack", "alt+BracketLeft", 1, ({ arrange }) => arrange.toEnd("back")),
  act("left", "alignLeft", "alt+KeyA", 2, ({ arrange }) => arrange.align("left")),
  act("center", "alignCenter", "alt+KeyH", 2, ({ arrange }) => arrange.align("center")),
  act("right", "alignRight", "alt+KeyD", 2, ({ arrange }) => arrange.align("right")),
  act("top", "alignTop", "alt+KeyW", 2, ({ arrange }) => arrange.align("top")),
  act("middle", "alignMiddle", "alt+KeyV", 2, ({ arrange }) => arrange.align("middle")),
  act("bottom", "alignBottom", "alt+KeyS", 2, ({ arrange }) => arrange.align("bottom")),
  act("across", "distributeAcross", "alt+shift+KeyH", 3, ({ arrange }) => arrange.distribute("across")),
  act("down", "distributeDown", "alt+shift+KeyV", 3, ({ arrange }) => arrange.distribute("down")),
  act("group", "group", "ctrl+g", 2, ({ arrange }) => arrange.group()),
  act("ungroup", "ungroup", "ctrl+shift+g", 1, ({ arrange }) => arrange.ungroup()),
];

/** Snapping is no deed but a state; its key is changed like the others. */
export const SNAPPING = { name: "snapping", title: "snapping", key: "alt+KeyN" } as const;

function act(name: string, title: TagWord, key: string, least: number, run: Arranging["run"]): Arranging {
  return { name, title, key, least, run };
}
