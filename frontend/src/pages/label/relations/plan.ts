/** What is drawn of a relation, wherever it is drawn: its ends, which way it points, what it is called. */
import type { Slot } from "../../../store/ops";
import type { Direction } from "./direction";

export interface ArrowPlan<End extends { readonly id: string }> {
  readonly slot: Slot;
  /** The regions at its ends; others as soon as something of them changed. */
  readonly from: End;
  readonly to: End;
  readonly direction: Direction;
  readonly label: string;
  readonly color: string | undefined;
}

/** What an arrow is told by a pointer. */
export interface ArrowEvents {
  /** Whether arrows may be pressed now: not while a press means the other end of a new one. */
  free(): boolean;
  chosen(slot: Slot): void;
  pointed(slot: Slot | null): void;
}
