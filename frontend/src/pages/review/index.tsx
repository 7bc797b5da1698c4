/** Reviewing, at `/projects/:id/review`: the labeling screen with one task after the other that waits for a verdict. */
import { useParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { currentUser } from "../../app/auth";
import { locale } from "../../app/i18n";
import { indexedDbJournal, memoryJournal } from "../../store/journal";
import { LabelScreen } from "../label/LabelScreen";
import { fetchWords as fetchLabelWords } from "../label/words";
import { reviewBackend } from "./reviewBackend";
import { Verdicts } from "./Verdicts";
import { fetchWords, say } from "./words";
import "./review.css";

export default function ReviewPage() {
  const params = useParams<{ id: string }>();
  const journal = "indexedDB" in globalThis ? indexedDbJournal() : memoryJournal();
  const [spoken] = createResource(locale, (language) =>
    Promise.all([fetchWords(language), fetchLabelWords(language)]),
  );
  return (
    <Show when={spoken()}>
      <Show when={params.id} keyed>
        {(id) => {
          const backend = reviewBackend(Number(id), () => currentUser()?.id ?? null);
          return (
            <LabelScreen
              backend={backend}
              journal={journal}
              projectId={Number(id)}
              task={null}
              annotation={null}
              review={{
                bar: (screen) => <Verdicts screen={screen} backend={backend} />,
                empty: () => (
                  <>
                    <h2>{say("nothingLeft")}</h2>
                    <p class="muted">
                      {backend.waiting() > 0
                        ? say("withOthers", { count: backend.waiting() })
                        : say("nothingLeftHint")}
                    </p>
                  </>
                ),
              }}
            />
          );
        }}
      </Show>
    </Show>
  );
}
