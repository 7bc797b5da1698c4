/** One opening of the labeling screen on memory alone. Its file is the labeling page's own, fetched when it is needed. */
import { createResource, Show, Suspense } from "solid-js";
import { KeyGrounds } from "../../app/hotkeys";
import { locale } from "../../app/i18n";
import type { ResultItem } from "../../store/result";
import { Late, Skeleton } from "../../ui/Loaded";
import type { Screen } from "../label/screen";
import { memoryBackend, type PreviewProject, type PreviewTask } from "./memoryBackend";

const fetchLabeling = () => import("../label");

export function PreviewScreen(props: {
  project: PreviewProject;
  task: PreviewTask;
  results: readonly ResultItem[];
  watch: (screen: Screen) => void;
}) {
  let ground: HTMLDivElement | undefined;
  const [labeling] = createResource(locale, async (spoken) => {
    const found = await fetchLabeling();
    await found.fetchWords(spoken);
    return found;
  });
  return (
    // A click between things takes the focus along, and with it the keys.
    <div class="preview-screen" ref={ground} tabindex="-1">
      <KeyGrounds.Provider value={() => ground}>
        <Suspense
          fallback={
            <Late>
              <Skeleton lines={6} />
            </Late>
          }
        >
          <Show when={labeling()}>
            {(found) => {
              const { LabelScreen, memoryJournal } = found();
              return (
                <LabelScreen
                  backend={memoryBackend(props.project, props.task, props.results)}
                  journal={memoryJournal()}
                  projectId={0}
                  task={props.task.id}
                  annotation={null}
                  watch={props.watch}
                />
              );
            }}
          </Show>
        </Suspense>
      </KeyGrounds.Provider>
    </div>
  );
}
