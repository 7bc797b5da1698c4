/** The pictures of one annotation: a key arranges what is selected, whichever of them it lies on. */
import type { ImageEditor } from "../../canvas/editor";
import type { TagHost } from "../_contract/contract";

const boards = new WeakMap<TagHost, Set<ImageEditor>>();

export function boardOf(host: TagHost): readonly ImageEditor[] {
  return [...(boards.get(host) ?? [])];
}

/** Adds a picture; gives the way to take it away. */
export function joinBoard(host: TagHost, editor: ImageEditor): () => void {
  const board = boards.get(host) ?? new Set();
  boards.set(host, board.add(editor));
  return () => board.delete(editor);
}
