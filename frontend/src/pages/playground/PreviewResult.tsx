/** What an annotation would be stored as, as it stands now. */
import { createMemo, createResource, createSignal, Show } from "solid-js";
import { readSetting, writeSetting } from "../../app/storage";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/toasts";
import type { Screen } from "../label/screen";
import { say } from "./words";

/** Masks are long, and nobody reads them. */
const SHOWN = 20_000;

const [open, setOpen] = createSignal(readSetting("previewResult") !== "closed");

export function PreviewResult(props: { screen: Screen | null }) {
  const [rules] = createResource(
    () => props.screen,
    async () => (await import("../label")).resultsToSend,
  );
  const results = createMemo(() => {
    props.screen?.epoch();
    const now = props.screen?.open();
    if (!now) return [];
    const made = now.session.annotation.document.results();
    return rules.latest?.(now.host, made) ?? made;
  });
  const text = createMemo(() => (open() ? JSON.stringify(results(), null, 2) : ""));
  const copy = () =>
    navigator.clipboard.writeText(JSON.stringify(results(), null, 2)).then(
      () => toast(say("copied"), { tone: "success" }),
      () => toast(say("copyFailed"), { tone: "danger" }),
    );
  return (
    <div class="preview-result">
      <details
        open={open()}
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
          writeSetting("previewResult", event.currentTarget.open ? "open" : "closed");
        }}
      >
        <summary>{say("result", { count: results().length })}</summary>
        <pre tabindex="0" role="region" aria-label={say("resultJson")} dir="ltr">
          {text().slice(0, SHOWN)}
        </pre>
        <Show when={text().length > SHOWN}>
          <p class="muted">{say("more", { count: text().length - SHOWN })}</p>
        </Show>
      </details>
      <Button size="small" look="quiet" icon="copy" onClick={() => void copy()}>
        {say("copy")}
      </Button>
    </div>
  );
}
