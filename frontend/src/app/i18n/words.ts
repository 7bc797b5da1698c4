/** Words that belong to one page and come with it, in the language that the whole application speaks. */
import { createSignal } from "solid-js";
import type { Locale } from ".";
import { fill, language, type Message, type Values } from "./messages";

type Words<Key extends string> = Record<Key, Message>;
type Others<Key extends string> = Record<Exclude<Locale, "en">, () => Promise<{ default: Words<Key> }>>;

export function wordsOf<Key extends string>(english: Words<Key>, others: Others<Key>) {
  const [spoken, setSpoken] = createSignal({ words: english, language: language("en") });
  return {
    say: (key: Key, values: Values = {}): string => fill(spoken().words[key], values, spoken().language),
    async fetch(locale: Locale): Promise<true> {
      const found =
        locale === "en"
          ? english
          : await others[locale]().then(
              (module) => module.default,
              () => null,
            );
      setSpoken({ words: found ?? english, language: language(found ? locale : "en") });
      return true;
    },
  };
}
