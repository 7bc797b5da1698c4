/** What can be done here and now: each command has a name, perhaps keys, and shows in the palette and the key list. */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { IconName } from "../ui/icons";
import { pushScope } from "./hotkeys";

export interface Command {
  id: string;
  title: string;
  /** The heading it stands under. */
  group: string;
  /** In tinykeys' form, see hotkeys.ts. */
  keys?: string;
  icon?: IconName;
  run: () => void;
}

type Source = Accessor<readonly Command[]>;

const [sources, setSources] = createSignal<readonly Source[]>([]);

/** All commands of what is on the screen, the most particular first. */
export const commands: Accessor<Command[]> = () => [...sources()].reverse().flatMap((source) => source());

/** Offers commands, with their keys, for as long as the calling component lives. */
export function useCommands(list: () => readonly Command[]): void {
  const source = createMemo(list);
  setSources((all) => [...all, source]);
  createEffect(() => {
    const keyed = source().filter((command) => command.keys);
    const bindings = keyed.map((command) => [command.keys ?? "", () => command.run()] as const);
    onCleanup(pushScope(Object.fromEntries(bindings)));
  });
  onCleanup(() => setSources((all) => all.filter((other) => other !== source)));
}
