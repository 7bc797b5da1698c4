/** News that passes by itself. Whatever must be acted on belongs in the page, not here. */
import { createSignal } from "solid-js";

export interface Toast {
  id: number;
  text: string;
  tone: "neutral" | "success" | "danger";
  action?: { label: string; run: () => void } | undefined;
}

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
let lastId = 0;

export { toasts };

/** Shows a line for a few seconds; an error or one with an action stays longer. */
export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  lastId += 1;
  const made: Toast = { id: lastId, text, tone: options.tone ?? "neutral", action: options.action };
  setToasts((all) => [...all.slice(-3), made]);
  const long = made.tone === "danger" || made.action;
  setTimeout(() => dismiss(made.id), long ? 10_000 : 5_000);
}

export function dismiss(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id));
}
