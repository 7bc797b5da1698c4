/** How well typed letters fit a name: whole words and beginnings first, then letters in order. */

/** A score above 0 for a fit, higher for a better one; null when the letters do not occur in order. */
export function match(query: string, text: string): number | null {
  const wanted = fold(query);
  if (wanted === "") return 1;
  const name = fold(text);
  const at = name.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return isStart(name, at) ? 80 : 60;
  return scattered(wanted, name);
}

/** The items that fit, best first; those that fit equally keep their order. */
export function rank<Item>(query: string, items: readonly Item[], name: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, score: match(query, name(item)) }))
    .filter((entry): entry is { item: Item; score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

const isStart = (text: string, at: number): boolean => at === 0 || /[\s\-_/:.]/.test(text[at - 1] ?? "");

function scattered(wanted: string, name: string): number | null {
  let at = -1;
  let starts = 0;
  for (const letter of wanted.replace(/\s+/g, "")) {
    at = name.indexOf(letter, at + 1);
    if (at < 0) return null;
    if (isStart(name, at)) starts += 1;
  }
  // Letters strewn inside words are chance, not intent.
  return starts > 0 ? 1 + (30 * starts) / wanted.length : null;
}
