/** One thing sent to the server by a form: under way, done, or refused with words. */
import { createSignal } from "solid-js";
import type { ApiError } from "../api/client";
import { errorOfThrown } from "../api/errors";

export function createSending() {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<ApiError | null>(null);

  /** Whether it went well; presses meanwhile do nothing. */
  const send = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (busy()) return false;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(errorOfThrown(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, send };
}
