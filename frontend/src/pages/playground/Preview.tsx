/** The real labeling screen beside the editor of its config, on data of one's choice. It keeps everything to itself. */
import { batch, createEffect, createMemo, createSignal, ErrorBoundary, on, onCleanup, Show } from "solid-js";
import type { Project } from "../../api/types";
import type { JsonObject } from "../../config/json";
import type { ResultItem } from "../../store/result";
import { Button } from "../../ui/Button";
import type { ConfigCheck } from "../create/configCheck";
import type { Screen } from "../label/screen";
import { carriedResults } from "./carried";
import type { PreviewTask } from "./memoryBackend";
import { PreviewDataField, PreviewDataSelect } from "./PreviewData";
import { PreviewResult } from "./PreviewResult";
import { PreviewScreen } from "./PreviewScreen";
import { createPreviewData } from "./previewData";
import { say } from "./words";
import "./preview.css";

/** A config with its task, and what of the last one goes on in it. */
interface Shown {
  readonly config: string;
  readonly task: PreviewTask;
  readonly results: readonly ResultItem[];
}

/** How long the config rests before it is shown; one whose screen took long is waited for longer. */
const showAfterMs = 250;
const LONGEST_REST_MS = 3_000;

export default function Preview(props: {
  check: ConfigCheck;
  /** The sample of the template that the config began with. */
  sample?: JsonObject | undefined;
  /** The project whose config it is. */
  project?: Project;
}) {
  const data = createPreviewData({
    good: props.check.good,
    compiler: props.check.compiler,
    sample: () => props.sample,
    project: props.project?.id,
  });
  const [shown, setShown] = createSignal<Shown | null>(null);
  const [screen, setScreen] = createSignal<Screen | null>(null);
  const results = () => screen()?.open()?.session.annotation.document.results() ?? [];

  let begun = 0;
  let took = 0;
  const restMs = () => Math.min(LONGEST_REST_MS, Math.max(showAfterMs, 2 * took));
  createEffect(() => {
    if (screen()?.open()) took = performance.now() - begun;
  });
  const show = (config: string, task: PreviewTask, kept: readonly ResultItem[]) =>
    batch(() => {
      begun = performance.now();
      setScreen(null);
      setShown({ config, task, results: kept });
    });
  createEffect(
    on([props.check.good, data.task], ([good, task]) => {
      if (!good || !task) return;
      const before = shown();
      const sameTask = before !== null && JSON.stringify(before.task) === JSON.stringify(task);
      if (sameTask && before.config === good.text) return;
      // Marks mean places in the data they were made on.
      const take = () => show(good.text, task, sameTask ? carriedResults(results(), good.tree) : []);
      const timer = setTimeout(take, before ? restMs() : 0);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  const startOver = () => {
    const now = shown();
    if (now) show(now.config, now.task, []);
  };
  const isStale = createMemo(() => shown() !== null && props.check.state() === "faulty");

  return (
    <div class="preview" role="group" aria-label={say("preview")}>
      <div class="preview-head">
        <strong>{say("preview")}</strong>
        <PreviewDataSelect data={data} />
        <Button size="small" look="quiet" icon="refresh-cw" disabled={!shown()} onClick={startOver}>
          {say("startOver")}
        </Button>
      </div>
      <PreviewDataField data={data} />
      <div class="preview-box">
        <Show when={shown()} keyed fallback={<p class="preview-hint muted">{say("nothingYet")}</p>}>
          {(now) => (
            <ErrorBoundary fallback={(error) => <Broken error={error} />}>
              <PreviewScreen
                project={{
                  config: now.config,
                  showSkip: props.project?.show_skip_button ?? true,
                  allowEmpty: props.project?.enable_empty_annotation ?? true,
                }}
                task={now.task}
                results={now.results}
                watch={setScreen}
              />
            </ErrorBoundary>
          )}
        </Show>
        {/* Over the screen, so that nothing moves while a word is half written. */}
        <Show when={isStale()}>
          <p class="preview-stale" role="status">
            {say("stale")}
          </p>
        </Show>
      </div>
      <PreviewResult screen={screen()} />
      <p class="preview-hint muted">{say("previewHint")}</p>
    </div>
  );
}

function Broken(props: { error: unknown }) {
  const message = () => (props.error instanceof Error ? props.error.message : String(props.error));
  return (
    <p class="preview-stale" role="alert">
      {say("broken", { message: message() })}
    </p>
  );
}
