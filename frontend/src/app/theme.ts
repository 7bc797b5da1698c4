/** Which theme the page wears: the system's, or one pinned by the user and remembered on this device. */
import { createSignal } from "solid-js";
import { readSetting, writeSetting } from "./storage";

export const themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

const isTheme = (value: unknown): value is Theme => themes.includes(value as Theme);

const stored = readSetting("theme");
const [theme, store] = createSignal<Theme>(isTheme(stored) ? stored : "system");

export { theme };

export function setTheme(next: Theme): void {
  store(next);
  writeSetting("theme", next);
  const root = document.documentElement;
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
}
