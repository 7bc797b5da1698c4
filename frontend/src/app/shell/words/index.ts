/** The words of the menu of the person who is signed in. They come with it. */
import type { Message } from "../../i18n/messages";
import { wordsOf } from "../../i18n/words";
import { en } from "./en";

export type MenuWords = Record<keyof typeof en, Message>;

const words = wordsOf<keyof typeof en>(en, {
  de: () => import("./de"),
  es: () => import("./es"),
  zh: () => import("./zh"),
  ar: () => import("./ar"),
});

/** The sentence called `key`. Reactive. */
export const say = words.say;
export const fetchWords = words.fetch;
