/**
 * A small hierarchical state machine for tools.
 *
 * A state is named by its path, `select/dragging`; what the innermost state does not handle goes to the states
 * around it and at last to the root. Exactly one innermost state is active. A state changes the document only
 * when its gesture is complete: `cancel` (Escape) and `interrupt` (a second finger, a lost window, another tool)
 * leave it as it was.
 */
import type { Point } from "../geometry/points";

export interface PointerInput {
  readonly kind: "down" | "move" | "up";
  /** CSS pixels in the canvas. */
  readonly screen: Point;
  /** Natural pixels of the picture; may lie outside it. */
  readonly image: Point;
  readonly button: number;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Control, or Command on a Mac. */
  readonly mod: boolean;
  /** How many clicks in a row this is. */
  readonly clicks: number;
  readonly touch: boolean;
  /** Image points passed since the last move, of pointers that report more often than frames are drawn. */
  readonly trail?: readonly Point[];
}

export interface KeyInput {
  readonly kind: "down" | "up";
  /** As `KeyboardEvent.key`, single letters in lower case. */
  readonly key: string;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly mod: boolean;
  readonly repeat: boolean;
}

/** What a state does. Handlers of input give true when they have dealt with it. */
export interface State {
  enter?(info: unknown): void;
  exit?(): void;
  pointer?(input: PointerInput): boolean;
  key?(input: KeyInput): boolean;
  /** Escape. True when there was something to give up. */
  cancel?(): boolean;
  /** Something else takes over: give up without asking. */
  interrupt?(): void;
}

export class Machine {
  private readonly states = new Map<string, State>();
  private active: string[] = [];
  private readonly listeners = new Set<(path: string) => void>();

  /** What gets the input no state has dealt with. */
  root: State = {};

  /** The path of the innermost active state. */
  get path(): string {
    return this.active.join("/");
  }

  /** The outermost active state: which tool is on. */
  get tool(): string {
    return this.active[0] ?? "";
  }

  add(path: string, state: State): this {
    this.states.set(path, state);
    return this;
  }

  has(path: string): boolean {
    return this.states.has(path);
  }

  /** Goes to a state: leaves what is not around both, inside first, and enters the rest, outside first. */
  go(path: string, info?: unknown): void {
    if (!this.states.has(path)) throw new Error(`no state ${path}`);
    const next = path.split("/");
    let common = 0;
    while (common < next.length - 1 && next[common] === this.active[common]) common += 1;
    for (let depth = this.active.length; depth > common; depth -= 1) this.at(depth)?.exit?.();
    this.active = next;
    for (let depth = common + 1; depth <= next.length; depth += 1) {
      this.at(depth)?.enter?.(depth === next.length ? info : undefined);
    }
    for (const listener of [...this.listeners]) listener(path);
  }

  pointer(input: PointerInput): boolean {
    return this.offer((state) => state.pointer?.(input) === true);
  }

  key(input: KeyInput): boolean {
    if (input.kind === "down" && input.key === "Escape")
      return this.offer((state) => state.cancel?.() === true);
    return this.offer((state) => state.key?.(input) === true);
  }

  interrupt(): void {
    for (let depth = this.active.length; depth > 0; depth -= 1) this.at(depth)?.interrupt?.();
  }

  subscribe(listener: (path: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private offer(take: (state: State) => boolean): boolean {
    const depthAtStart = this.active.length;
    for (let depth = depthAtStart; depth > 0; depth -= 1) {
      const state = this.at(depth);
      if (state !== undefined && take(state)) return true;
    }
    return take(this.root);
  }

  private at(depth: number): State | undefined {
    return this.states.get(this.active.slice(0, depth).join("/"));
  }
}
