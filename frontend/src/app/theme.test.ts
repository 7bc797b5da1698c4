import { afterEach, expect, it, vi } from "vitest";
import { followSystem, setTheme } from "./theme";

/** The system's wish for more contrast, to be changed by hand. */
function system(matches: boolean) {
  const listeners = new Set<() => void>();
  const wish = {
    matches,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  vi.stubGlobal("matchMedia", () => wish);
  return (next: boolean) => {
    wish.matches = next;
    for (const listener of listeners) listener();
  };
}

const worn = () => document.documentElement.dataset.theme;

afterEach(() => {
  vi.unstubAllGlobals();
  setTheme("system");
  localStorage.clear();
});

it("follows the system's wish for more contrast while no theme is pinned", () => {
  const wish = system(false);
  const stop = followSystem();
  expect(worn()).toBeUndefined();
  wish(true);
  expect(worn()).toBe("contrast");
  setTheme("dark");
  expect(worn()).toBe("dark");
  wish(false);
  expect(worn()).toBe("dark");
  wish(true);
  setTheme("system");
  expect(worn()).toBe("contrast");
  stop();
  wish(false);
  expect(worn()).toBe("contrast");
});
