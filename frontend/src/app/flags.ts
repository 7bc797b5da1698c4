/** What the feature flags say to whoever is signed in. Asked again every 20 seconds while the page is looked at. */
import { createMemo, createSignal } from "solid-js";
import { api, ok } from "../api/client";
import type { FlagValue } from "../api/types";

const EVERY_MS = 20_000;

interface Said {
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly decides: boolean;
}

const [said, setSaid] = createSignal<Said | null>(null);

/** Asks now; where the server cannot be reached, what it said last goes on being true. */
export async function readFlags(): Promise<void> {
  try {
    setSaid(await ok(api.GET("/api/flags/")));
  } catch {
    // The next question is not far.
  }
}

/** Asks from now on; gives the way to stop. */
export function followFlags(): () => void {
  void readFlags();
  const timer = setInterval(() => document.visibilityState === "visible" && void readFlags(), EVERY_MS);
  return () => clearInterval(timer);
}

/** What a flag says; `fallback` until the server has said, and where it cannot be reached. */
export function useFlag<Value extends FlagValue>(name: string, fallback: Value): () => Value {
  return createMemo(() => (said()?.flags[name] as Value | undefined) ?? fallback);
}

/** Whether they are among those who decide about flags. */
export const useDecides = (): (() => boolean) => createMemo(() => said()?.decides === true);
