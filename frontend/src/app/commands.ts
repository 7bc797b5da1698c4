/** What can be done here and now: each command has a name, perhaps keys, and shows in the palette and the key list. */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { IconName } from "../ui/icons";
import { placeScope } from "./hotkeys";
import { keysOf } from "./keymap";

export interface Command {
  id: string;
  title: string;
  /** The heading it stands under. */
  group: string;
  /** In tinykeys' form, see hotkeys.ts: the standard ones, which people may change (keymap.ts). */
  keys?: string | undefined;
  icon?: IconName;
  run: () => void;
}

type Source = Accessor<readonly Command[]>;

const standard = new Map<string, string | undefined>();

/** The keys a command comes with, whatever somebody made of them. */
export const standardKeys = (id: string): string | undefined => standard.get(id);

const [sources, setSources] = createSignal<readonly Source[]>([]);

/** All commands of what is on the screen, the most particular first. */
export const commands: Accessor<Command[]> = () => [...sources()].reverse().flatMap((source) => source());

/** Offers commands, with their keys, for as long as the calling component lives. */
export function useCommands(list: () => readonly Command[]): void {
  const source = createMemo(() =>
    list().map((command) => {
      standard.set(command.id, command.keys);
      return { ...command, keys: keysOf(command.id, command.keys) };
    }),
  );
  setSources((all) => [...all, source]);
  // Changed keys must not bring the page's frame before what it holds.
  const scope = placeScope();
  createEffect(() => {
    const keyed = source().filter((command) => command.keys);
    const bindings = keyed.map((command) => [command.keys ?? "", () => command.run()] as const);
    scope.bind(Object.fromEntries(bindings));
  });
  onCleanup(scope.remove);
  onCleanup(() => setSources((all) => all.filter((other) => other !== source)));
}
