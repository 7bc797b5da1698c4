/**
 * When what can wait may come: menus with their library, dialogs, whatever is kept ready for being offline.
 *
 * Not before the first page is here, nor while a page says that it is still drawing: what it draws with goes first.
 */
import { createSignal } from "solid-js";

/** A page that forgets to say that it is done holds nothing back for longer. */
const LONGEST_MS = 5_000;
const IDLE_MS = 1_000;

const [quiet, setQuiet] = createSignal(false);
let holds = 0;

/** Whether what can wait may come; stays so. Tracked. */
export { quiet };

/** Holds back what can wait until the function given is called. */
export function holdBack(): () => void {
  holds += 1;
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    holds -= 1;
    clearTimeout(timer);
    if (holds === 0) whenIdle(() => setQuiet((already) => already || holds === 0));
  };
  const timer = setTimeout(release, LONGEST_MS);
  return release;
}

function whenIdle(run: () => void): void {
  // Safari has no idle callback.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: IDLE_MS });
  else setTimeout(run, 200);
}
