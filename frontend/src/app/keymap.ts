/**
 * One's own keys: which press runs an action where somebody changed it. They are kept on this device at once and
 * with the account as soon as the server can be reached; other programs' bindings there stay as they are.
 */
import { createSignal } from "solid-js";
import { api, ok } from "../api/client";
import { currentUser, updateUser } from "./auth";
import { readSetting, writeSetting } from "./storage";

export interface Binding {
  readonly key: string;
  readonly active?: boolean;
}
export type Bindings = Readonly<Record<string, Binding>>;

interface Kept {
  readonly user: number;
  readonly bindings: Bindings;
  /** Not with the account yet. */
  readonly unsent: boolean;
}

const setting = "hotkeys";

function readKept(): Kept | null {
  try {
    const kept: unknown = JSON.parse(readSetting(setting) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" && value !== null && typeof (value as Kept).bindings === "object";

const [own, setOwn] = createSignal<Bindings>(readKept()?.bindings ?? {});

export { own };

/** The name an action has with the server: `label.submit` is "label:submit", those of every page are "app:…". */
export const nameOf = (id: string): string => (id.includes(".") ? id.replace(".", ":") : `app:${id}`);

/** The server's form has no signs such as `$`. */
const toStored = (keys: string): string => keys.replaceAll("$mod", "mod");
const fromStored = (keys: string): string => keys.replace(/\bmod\b/g, "$mod");

/** The keys of an action: one's own, else the standard ones; undefined when it has none. Tracked. */
export function keysOf(id: string, standard?: string): string | undefined {
  const binding = own()[nameOf(id)];
  if (binding === undefined) return standard;
  return binding.active === false ? undefined : fromStored(binding.key);
}

/** Whether somebody chose another key than the standard one. Tracked. */
export const isOwn = (id: string): boolean => own()[nameOf(id)] !== undefined;

/** A change of keys: to others, to none (null), or back to the standard ones (undefined). */
export type KeyChanges = Readonly<Record<string, string | null | undefined>>;

/** Gives bindings with changes of actions made. An action without a key keeps its name, switched off. */
export function changed(bindings: Bindings, changes: KeyChanges): Bindings {
  const next = { ...bindings };
  for (const [id, keys] of Object.entries(changes)) {
    const name = nameOf(id);
    if (keys === undefined) delete next[name];
    else if (keys === null) next[name] = { key: next[name]?.key ?? "none", active: false };
    else next[name] = { key: toStored(keys), active: true };
  }
  return next;
}

/** Changes keys from now on. True when the account has them too, false when only this device does. */
export async function changeKeys(changes: KeyChanges): Promise<boolean> {
  const next = changed(own(), changes);
  setOwn(next);
  return send(next);
}

/** Takes the keys of the one who is signed in; what never reached the server goes there first. */
export async function adoptKeys(): Promise<void> {
  const user = currentUser();
  if (user === null) return;
  const kept = readKept();
  if (kept?.unsent && kept.user === user.id) {
    setOwn(kept.bindings);
    await send(kept.bindings);
    return;
  }
  const stored = user.custom_hotkeys;
  setOwn(stored);
  keep(stored, false);
}

async function send(bindings: Bindings): Promise<boolean> {
  keep(bindings, true);
  const body = { custom_hotkeys: bindings };
  const stored = await ok(api.PATCH("/api/current-user/hotkeys/", { body })).catch(() => null);
  if (!stored) return false;
  // Changed again meanwhile: that change sends itself.
  if (own() === bindings) keep(bindings, false);
  updateUser(stored);
  return true;
}

function keep(bindings: Bindings, unsent: boolean): void {
  const user = currentUser()?.id ?? 0;
  writeSetting(setting, JSON.stringify({ user, bindings, unsent } satisfies Kept));
}

const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const modifiers = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"]);
/** Signs that are the same key on its own, and that the server takes. */
const plainSigns = /^[.,;:'[\]\\/`=-]$/;

/** The press of an event in tinykeys' form; null while only modifiers are down. */
export function pressOf(event: KeyboardEvent): string | null {
  if (modifiers.has(event.key)) return null;
  const mods = [
    ...(event.ctrlKey ? [isApple ? "Control" : "$mod"] : []),
    ...(event.metaKey ? [isApple ? "$mod" : "Meta"] : []),
    ...(event.altKey ? ["Alt"] : []),
    ...(event.shiftKey ? ["Shift"] : []),
  ];
  return [...mods, keyName(event)].join("+");
}

/** Shift and Alt type other signs, so such a key is named by its place. */
function keyName({ key, code, altKey, shiftKey }: KeyboardEvent): string {
  if (key.length > 1) return key;
  if (altKey && code) return code;
  if (/^\p{L}$/u.test(key)) return key.toLowerCase();
  if (!shiftKey && (/^\d$/.test(key) || plainSigns.test(key))) return key;
  return code || key;
}

/** Whether two actions' keys would meet: the same press, or one where a sequence begins with the other. */
export function meet(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false;
  const [a, b] = [presses(one), presses(other)];
  return a.slice(0, b.length).every((press, index) => press === b[index]);
}

const signs: Readonly<Record<string, string>> = { slash: "/", bracketleft: "[", bracketright: "]" };

function presses(keys: string): string[] {
  return keys.split(" ").map((press) => {
    const parts = press === "+" ? ["+"] : press.toLowerCase().split("+");
    const last = (parts.pop() ?? "").replace(/^(?:key|digit)(?=.$)/, "");
    const key = signs[last] ?? last;
    const mods = parts.map((part) => (part === (isApple ? "meta" : "control") ? "$mod" : part));
    // "?" is typed with Shift, and "Shift+?" says so twice.
    return [...mods.filter((mod) => key !== "?" || mod !== "shift").sort(), key].join("+");
  });
}
