/**
 * Colours of labels: 24 distinguishable ones, given by the label's name so that the same label looks the
 * same in every project, and moved on when taken so that no two of a group look alike.
 */

// biome-ignore format: six to a line shows the hue circle
/** Hues spread over the circle, at two lightnesses; each at least 3:1 against white or black text. */
export const PALETTE: readonly string[] = [
  "#d93a3a", "#2f7fd1", "#2e9e4f", "#c77a00", "#8b4fd9", "#008f8a",
  "#d6418f", "#6c8a00", "#5565e0", "#b4562a", "#0091b8", "#a23bb5",
  "#ef7d72", "#7ab3f0", "#66c285", "#e5b04a", "#b696f2", "#52c5be",
  "#ee8fbe", "#aec24a", "#98a3f5", "#dd9673", "#63c3de", "#d38be0",
];

/** FNV-1a of a text, 32 bits: the same on every machine and in every session. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/**
 * A colour for each label of a group: its own background when it has one, else by hash, the next free one
 * when that is taken. Past 24 labels colours repeat.
 */
export function assignColors(
  labels: readonly { readonly stored: string; readonly background: string | null }[],
): ReadonlyMap<string, string> {
  const colors = new Map<string, string>();
  const taken = new Set<string>();
  for (const { stored, background } of labels) {
    if (background) {
      colors.set(stored, background);
      taken.add(background.toLowerCase());
    }
  }
  for (const { stored } of labels) {
    if (colors.has(stored)) continue;
    const color = pickColor(stored, taken);
    colors.set(stored, color);
    taken.add(color);
  }
  return colors;
}

/** Twelve strong colours first, then the light ones of the same hues: no two alike while others are free. */
function pickColor(label: string, taken: ReadonlySet<string>): string {
  const hues = PALETTE.length / 2;
  const start = hashText(label) % hues;
  for (let step = 0; step < PALETTE.length; step++) {
    const color = PALETTE[((start + step) % hues) + (step < hues ? 0 : hues)] ?? "#888888";
    if (!taken.has(color)) return color;
  }
  return PALETTE[start] ?? "#888888";
}
