/** The labeling screen's place: `/projects/:id/label` for the queue, `/projects/:id/data/:task` for one task. */
import { useParams, useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { currentUser } from "../../app/auth";
import { locale } from "../../app/i18n";
import { indexedDbJournal, memoryJournal } from "../../store/journal";
import { apiBackend } from "./apiBackend";
import { LabelScreen } from "./LabelScreen";
import { fetchWords } from "./words";

// The preview of a config shows the same screen, out of the same file.
export { resultsToSend } from "./submission";
export { fetchWords, LabelScreen, memoryJournal };

export default function LabelPage() {
  const params = useParams<{ id: string; task?: string }>();
  const [search] = useSearchParams<{ annotation?: string }>();
  const journal = "indexedDB" in globalThis ? indexedDbJournal() : memoryJournal();
  const key = () => `${params.id}/${params.task ?? ""}`;
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <Show when={key()} keyed>
        {(_) => (
          <LabelScreen
            backend={apiBackend(Number(params.id), () => currentUser()?.id ?? null)}
            journal={journal}
            projectId={Number(params.id)}
            task={params.task === undefined ? null : Number(params.task)}
            annotation={search.annotation === undefined ? null : Number(search.annotation)}
          />
        )}
      </Show>
    </Show>
  );
}
