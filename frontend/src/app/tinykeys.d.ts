/** tinykeys 3 ships types its `exports` field hides; these are the two functions in use. */
declare module "tinykeys" {
  export type KeyBindingPress = [mods: string[], key: string | RegExp];
  export function parseKeybinding(keys: string): KeyBindingPress[];
  export function createKeybindingsHandler(
    bindings: Record<string, (event: KeyboardEvent) => void>,
    options?: { timeout?: number },
  ): (event: KeyboardEvent) => void;
}
