/**
 * Which theme the page wears: the system's, or one pinned by the user and remembered on this device. Who asks the
 * system for more contrast gets it, unless they pinned another theme here. `boot.js` does the same before the
 * first paint.
 */
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
  wear();
}

/** Follows the system from now on, while no theme is pinned; the returned function stops it. */
export function followSystem(): () => void {
  const wish = wishForContrast();
  wish?.addEventListener("change", wear);
  wear();
  return () => wish?.removeEventListener("change", wear);
}

const wishForContrast = (): MediaQueryList | undefined => window.matchMedia?.("(prefers-contrast: more)");

function wear(): void {
  const root = document.documentElement;
  const worn = theme() === "system" && wishForContrast()?.matches ? "contrast" : theme();
  if (worn === "system") delete root.dataset.theme;
  else root.dataset.theme = worn;
}
