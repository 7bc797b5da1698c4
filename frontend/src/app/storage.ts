/** Small preferences of this device. Storage that is full or forbidden loses the preference, never the page. */

const prefix = "skylabel.";

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Kept for this visit only.
  }
}
