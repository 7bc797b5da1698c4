/**
 * Keys by scope. Scopes stack (screen, tool, dialog); the newest is asked first, and a modal one hides the rest.
 * Keys without Ctrl, Alt or Meta stay silent in text fields, and can be turned off altogether (WCAG 2.1.4).
 */
import { createContext, createSignal, onCleanup, useContext } from "solid-js";
import { createKeybindingsHandler, parseKeybinding } from "tinykeys";
import { readSetting, writeSetting } from "./storage";

/** Keys in tinykeys' form (`$mod+K`, `g p`, `Shift+?`) to what they do. The event is consumed. */
export type Bindings = Record<string, (event: KeyboardEvent) => void>;

interface Scope {
  handle: (event: KeyboardEvent) => void;
  modal: boolean;
  ground: KeyGround | undefined;
}

/** The element whose keys a scope takes. */
type KeyGround = () => Element | undefined;

/** Holds the keys of all below to one part of the page: they act while the focus is in it. */
export const KeyGrounds = createContext<KeyGround>();

const enclosing = '[role="dialog"], [role="alertdialog"], [data-popper-positioner]';
const scopes: Scope[] = [];
const [singleKeys, storeSingleKeys] = createSignal(readSetting("singleKeys") !== "off");

/** Whether keys without a modifier act. */
export { singleKeys };

export function setSingleKeys(on: boolean): void {
  storeSingleKeys(on);
  writeSetting("singleKeys", on ? "on" : "off");
}

/** A scope's place among the others, which it keeps whatever is bound in it. */
export interface PlacedScope {
  bind(bindings: Bindings): void;
  remove(): void;
}

/** Takes the place on top of the others; nothing is bound there yet. */
export function placeScope(options: { modal?: boolean } = {}): PlacedScope {
  const scope: Scope = {
    handle: () => undefined,
    modal: options.modal ?? false,
    ground: useContext(KeyGrounds),
  };
  scopes.push(scope);
  return {
    bind(bindings) {
      const guarded = Object.entries(bindings).map(([keys, run]) => [keys, guard(keys, run)] as const);
      scope.handle = createKeybindingsHandler(Object.fromEntries(guarded));
    },
    remove() {
      const place = scopes.indexOf(scope);
      if (place >= 0) scopes.splice(place, 1);
    },
  };
}

/** Adds a scope on top of the others; the returned function takes it away again. */
export function pushScope(bindings: Bindings, options: { modal?: boolean } = {}): () => void {
  const scope = placeScope(options);
  scope.bind(bindings);
  return scope.remove;
}

/** A scope for as long as the calling component lives. */
export function useScope(bindings: Bindings, options: { modal?: boolean } = {}): void {
  onCleanup(pushScope(bindings, options));
}

function guard(keys: string, run: (event: KeyboardEvent) => void) {
  const needsModifier = parseKeybinding(keys).every(([mods]) => mods.some((mod) => mod !== "Shift"));
  return (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (!needsModifier && (!singleKeys() || isTyping(event))) return;
    if (isEditing(event)) return;
    event.preventDefault();
    run(event);
  };
}

/** Whether the key selects, copies or undoes in a text field, which is the field's own business. */
const isEditing = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) && !event.altKey && /^[acvxyz]$/i.test(event.key) && isTyping(event);

/** Whether the key goes into a text field. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "range", "file"].includes(target.type)
  );
}

/**
 * Offers one key press to the scopes, newest first. In a dialog or a menu, which hold the focus while they are
 * open, only modal scopes are asked: the page behind must not act.
 */
export function dispatch(event: KeyboardEvent): void {
  const target = event.target;
  const enclosed = target instanceof Element && target.closest(enclosing) !== null;
  for (const scope of [...scopes].reverse()) {
    if (!scope.modal && (enclosed || scope.ground?.()?.contains(target as Node) === false)) continue;
    scope.handle(event);
    if (event.defaultPrevented || scope.modal) return;
  }
}

/** Listens on the window from now on; the returned function stops it. */
export function listen(target: Window = window): () => void {
  target.addEventListener("keydown", dispatch);
  return () => target.removeEventListener("keydown", dispatch);
}

const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const signs: Record<string, string> = isApple
  ? { $mod: "⌘", Meta: "⌘", Control: "⌃", Alt: "⌥", Shift: "⇧" }
  : { $mod: "Ctrl", Control: "Ctrl", Meta: "Win" };
const names: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Slash: "/",
  Equal: "=",
  Minus: "-",
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
};
/** A key named by its place shows the sign it bears: `KeyR` is R, `Digit1` is 1. */
const byPlace = /^(?:Key|Digit)(?=.$)/;

/** The keys as caps to draw, a list for each press of the sequence: `[["Ctrl", "K"]]`, `[["g"], ["p"]]`. */
export function keyCaps(keys: string): string[][] {
  return keys.split(" ").map((press) => {
    const parts = press === "+" ? ["+"] : press.split("+").filter(Boolean);
    const key = parts.at(-1) ?? "";
    const shown = key === "?" ? parts.filter((part) => part !== "Shift") : parts;
    return shown.map((part) => {
      const sign = part.replace(byPlace, "");
      return signs[sign] ?? names[sign] ?? (sign.length === 1 ? sign.toUpperCase() : sign);
    });
  });
}
