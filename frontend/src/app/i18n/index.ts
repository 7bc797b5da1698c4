/**
 * The words of the page in the user's language. English is built in as far as every page needs it, the rest of it
 * comes with the pages; the others are fetched whole when they are chosen.
 */
import { createSignal } from "solid-js";
import { readSetting, writeSetting } from "../storage";
import { en } from "./en";
import type { enPages } from "./enPages";
import { fill, language, type Message, type Values } from "./messages";

export type Key = keyof typeof en | keyof typeof enPages;
export type Catalogue = Record<Key, Message>;

/** The languages offered, each in its own name. */
export const locales = { en: "English", de: "Deutsch", es: "Español", zh: "中文", ar: "العربية" } as const;
export type Locale = keyof typeof locales;

const catalogues: Record<Exclude<Locale, "en">, () => Promise<{ default: Catalogue }>> = {
  de: () => import("./de"),
  es: () => import("./es"),
  zh: () => import("./zh"),
  ar: () => import("./ar"),
};

const isLocale = (value: string | null | undefined): value is Locale => !!value && value in locales;

interface Speech {
  locale: Locale;
  catalogue: Partial<Catalogue>;
  language: ReturnType<typeof language>;
}

let english: Partial<Catalogue> = en;
let pages: Promise<void> | undefined;
const [speech, setSpeech] = createSignal<Speech>({
  locale: "en",
  catalogue: english,
  language: language("en"),
});

export const locale = (): Locale => speech().locale;

/** The sentence called `key`, with its holes filled and its plural chosen by `values.count`. Reactive. */
export function t(key: Key, values: Values = {}): string {
  const { catalogue, language } = speech();
  const message = catalogue[key];
  // A page that did not wait for its words has them a moment later.
  if (message === undefined) void speakPages().catch(() => undefined);
  return message === undefined ? "" : fill(message, values, language);
}

/** Waits for the words of the pages; only English has them apart. Rejects when they cannot be fetched. */
export async function speakPages(): Promise<void> {
  if (locale() === "en") await fetchPages();
}

function fetchPages(): Promise<void> {
  pages ??= import("./enPages").then(({ enPages }) => {
    english = { ...en, ...enPages };
    setSpeech((now) => (now.locale === "en" ? { ...now, catalogue: english } : now));
  });
  pages.catch(() => {
    pages = undefined;
  });
  return pages;
}

/** Speaks another language from now on, once its catalogue is here. */
export async function setLocale(next: Locale): Promise<void> {
  if (next === "en") await fetchPages();
  const catalogue = next === "en" ? english : (await catalogues[next]()).default;
  setSpeech({ locale: next, catalogue, language: language(next) });
  writeSetting("locale", next);
  document.documentElement.lang = next;
  document.documentElement.dir = next === "ar" ? "rtl" : "ltr";
}

/** The language chosen before on this device, else the browser's first that we speak. Call once, before drawing. */
export async function startSpeaking(): Promise<void> {
  const stored = readSetting("locale");
  const wished = isLocale(stored) ? stored : preferred(navigator.languages);
  if (wished !== "en") await setLocale(wished).catch(() => undefined);
}

function preferred(tags: readonly string[]): Locale {
  return tags.map((tag) => tag.split("-")[0]).find(isLocale) ?? "en";
}

export const formatNumber = (value: number): string => speech().language.number.format(value);

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", in the user's language; seconds are "now". */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(speech().locale, { numeric: "auto" });
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? format.format(Math.round(seconds / unit[1]), unit[0]) : format.format(0, "second");
}

/** "5 minutes", in the user's language: how long something takes, in its largest whole unit. */
export function formatSpan(seconds: number): string {
  const unit = units.find(([, length]) => seconds >= length);
  const [name, length] = unit ?? ["second", 1];
  return new Intl.NumberFormat(speech().locale, { style: "unit", unit: name, unitDisplay: "long" }).format(
    Math.ceil(seconds / length),
  );
}

export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(speech().locale, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** Bytes as people say them: "3.4 MB". */
export function formatBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"][step] ?? "byte";
  return new Intl.NumberFormat(speech().locale, {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}
