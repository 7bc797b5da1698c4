/** Where toasts appear, and are read out politely. Stands once in the page. */
import { For, Show } from "solid-js";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import "./Toasts.css";
import { dismiss, type Toast, toasts } from "./toasts";
import { words } from "./words";

const icons: Record<Toast["tone"], IconName> = {
  neutral: "info",
  success: "circle-check",
  danger: "triangle-alert",
};

export function Toasts() {
  return (
    <section class="toasts" aria-label={words.notifications()} aria-live="polite" data-kb-top-layer>
      <For each={toasts()}>
        {(toast) => (
          <div class="toast" data-tone={toast.tone}>
            <Icon name={icons[toast.tone]} />
            <p>{toast.text}</p>
            <Show when={toast.action}>
              {(action) => (
                <Button
                  size="small"
                  onClick={() => {
                    action().run();
                    dismiss(toast.id);
                  }}
                >
                  {action().label}
                </Button>
              )}
            </Show>
            <Button
              look="quiet"
              size="small"
              icon="x"
              label={words.dismiss()}
              onClick={() => dismiss(toast.id)}
            />
          </div>
        )}
      </For>
    </section>
  );
}
