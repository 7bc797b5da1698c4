/**
 * What the tags' views say. Tags know no languages: English is built in, and the page that shows them gives them
 * the words of its catalogue with `speakWith`.
 */
import { english, type TagWord } from "./english";

type Values = Readonly<Record<string, string | number>>;
export type Speaker = (key: TagWord, values: Values) => string;

const builtIn: Speaker = (key, values) =>
  english[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
let speaker = builtIn;

/** The sentence called `key`, with its holes filled; reactive where the page's words are. */
export const word: Speaker = (key, values) => speaker(key, values);

/** The sentence called `key`, which has no holes. */
export const words = (key: TagWord): string => speaker(key, {});

export function speakWith(next: Speaker): void {
  speaker = next;
}
