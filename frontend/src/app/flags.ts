/** What the feature flags say to whoever is signed in. Asked again every 20 seconds while the page is looked at. */
import { useQuery } from "@tanstack/solid-query";
import { flagsQuery } from "../api/queries";
import type { FlagValue } from "../api/types";

const EVERY_MS = 20_000;

function useFlags() {
  return useQuery(() => ({ ...flagsQuery(), refetchInterval: EVERY_MS, staleTime: EVERY_MS }));
}

/** What a flag says; `fallback` until the server has said, and where it cannot be reached. */
export function useFlag<Value extends FlagValue>(name: string, fallback: Value): () => Value {
  const flags = useFlags();
  return () => ((flags.isSuccess ? flags.data.flags[name] : undefined) as Value | undefined) ?? fallback;
}

/** Whether they are among those who decide about flags. */
export function useDecides(): () => boolean {
  const flags = useFlags();
  return () => flags.isSuccess && flags.data.decides;
}
