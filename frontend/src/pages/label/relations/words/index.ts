/** The words of relations. They come with the first of them. */
import type { Message } from "../../../../app/i18n/messages";
import { wordsOf } from "../../../../app/i18n/words";
import { en } from "./en";

export type RelationWords = Record<keyof typeof en, Message>;

const words = wordsOf<keyof typeof en>(en, {
  de: () => import("./de"),
  es: () => import("./es"),
  zh: () => import("./zh"),
  ar: () => import("./ar"),
});

/** The sentence called `key`, with its holes filled. Reactive. */
export const say = words.say;
export const fetchWords = words.fetch;
