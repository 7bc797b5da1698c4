/** The words of the labeling screen. They come with it: no other page carries them. */
import type { Message } from "../../../app/i18n/messages";
import { wordsOf } from "../../../app/i18n/words";
import { speakWith } from "../../../tags/_contract/words";
import { en } from "./en";

export type LabelWords = Record<keyof typeof en, Message>;

const words = wordsOf<keyof typeof en>(en, {
  de: () => import("./de"),
  es: () => import("./es"),
  zh: () => import("./zh"),
  ar: () => import("./ar"),
});

/** The sentence called `key`, with its holes filled. Reactive. */
export const say = words.say;
speakWith((key, values) => say(`tag.${key}`, values));
/** Fetches the words of the page's language; English where they cannot be had. */
export const fetchWords = words.fetch;
