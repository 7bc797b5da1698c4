/** The form of a catalogue, and how a message is filled in. No page, no view: tested alone. */

/** A sentence, or one for each plural category the language has (`Intl.PluralRules`), chosen by `count`. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** What a message may be filled with: `{name}` takes the value called name; numbers are written as the language does. */
export type Values = Record<string, string | number>;

export interface Language {
  locale: string;
  plural: Intl.PluralRules;
  number: Intl.NumberFormat;
}

export function language(locale: string): Language {
  return { locale, plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) };
}

export function fill(message: Message, values: Values, language: Language): string {
  const text = typeof message === "string" ? message : choose(message, values.count, language.plural);
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    if (typeof value === "number") return language.number.format(value);
    // A Latin name must not take what stands around it along, from left to right.
    return language.locale === "ar" ? `\u2068${value}\u2069` : value;
  });
}

function choose(
  message: Exclude<Message, string>,
  count: string | number | undefined,
  rules: Intl.PluralRules,
): string {
  if (typeof count !== "number") return message.other;
  return message[rules.select(count)] ?? message.other;
}

/** The names of a message's holes, for the test that every translation fills the same ones. */
export function holes(message: Message): string[] {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  const names = texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""));
  return [...new Set(names)].sort();
}
