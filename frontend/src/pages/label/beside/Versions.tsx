/** The versions of one annotation: each can be looked at on the canvas, with what it changed marked, and used. */
import { createMemo, createSignal, For, Show } from "solid-js";
import type { AnnotationVersion } from "../../../api/types";
import { formatDate } from "../../../app/i18n";
import type { ResultItem } from "../../../store/result";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Segmented } from "../../../ui/Segmented";
import type { Open, Screen } from "../screen";
import { ChangeList, signs } from "./ChangeList";
import { comparedStage } from "./compared";
import { countByKind, type Differences, differences } from "./differences";
import { showInstead } from "./stage";
import { say } from "./words";

type Against = "before" | "present";

interface VersionsProps {
  readonly screen: Screen;
  readonly open: Open;
  readonly versions: readonly AnnotationVersion[];
  readonly called: (id: number | undefined) => string;
}

const itemsOf = (version: AnnotationVersion | undefined) => (version?.result ?? []) as readonly ResultItem[];

export function Versions(props: VersionsProps) {
  const tree = props.open.host.tree;
  const [chosen, setChosen] = createSignal<number | null>(null);
  const [against, setAgainst] = createSignal<Against>("before");
  const newestFirst = () => [...props.versions].reverse();
  const before = (number: number) => props.versions.findLast((version) => version.version < number);
  const changed = createMemo(
    () =>
      new Map(
        props.versions.map((version) => [
          version.version,
          differences(tree, itemsOf(before(version.version)), itemsOf(version)),
        ]),
      ),
  );
  const shown = createMemo(() => {
    const version = props.versions.find((one) => one.version === chosen());
    if (!version) return null;
    const other = against() === "before" ? before(version.version) : props.versions.at(-1);
    return { version, found: differences(tree, itemsOf(other), itemsOf(version)) };
  });
  const stage = createMemo(() => {
    const now = shown();
    return now && comparedStage(props.open, itemsOf(now.version), now.found);
  });
  showInstead(props.screen, stage, () => ({
    text: say("lookingAt", { number: chosen() ?? 0 }),
    leave: () => setChosen(null),
  }));

  const use = (version: AnnotationVersion) => {
    setChosen(null);
    props.open.session.take(itemsOf(version), "restore version");
    props.open.host.annotation.document.flush();
    props.screen.announce(say("used", { number: version.version }));
    setUsed(version.version);
  };
  const [used, setUsed] = createSignal<number | null>(null);

  return (
    <>
      <Show when={used()}>{(number) => <p class="beside-note">{say("used", { number: number() })}</p>}</Show>
      <ol class="beside-list">
        <For each={newestFirst()}>
          {(version) => (
            <li class="beside-version" data-chosen={chosen() === version.version ? "" : undefined}>
              <button
                type="button"
                class="beside-choice"
                aria-pressed={chosen() === version.version}
                onClick={() => setChosen((now) => (now === version.version ? null : version.version))}
              >
                <span class="beside-line">
                  <b>{say("version", { number: version.version })}</b>
                  <Show when={version.is_present}>
                    <Badge tone="success">{say("present")}</Badge>
                  </Show>
                </span>
                <span class="muted">
                  <bdi>{props.called(version.edited_by)}</bdi>, {formatDate(version.updated_at)}
                </span>
                <Summary found={changed().get(version.version)} />
              </button>
              <Show when={chosen() === version.version && shown()}>
                {(now) => (
                  <div class="beside-more">
                    <Segmented
                      label={say("against")}
                      options={[
                        { value: "before", label: say("versionBefore") },
                        { value: "present", label: say("presentVersion") },
                      ]}
                      value={against()}
                      onChange={setAgainst}
                    />
                    <ChangeList open={props.open} found={now().found} host={stage() ?? undefined} />
                    <Show when={!props.open.host.readOnly && !version.is_present}>
                      <Button size="small" onClick={() => use(version)}>
                        {say("useVersion")}
                      </Button>
                    </Show>
                  </div>
                )}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

/** What a version changed, in one line. */
function Summary(props: { found: Differences | undefined }) {
  const parts = () => {
    const { regions, answers } = props.found ?? { regions: [], answers: [] };
    const count = countByKind(regions);
    const counted = (["added", "changed", "removed"] as const).filter((kind) => count[kind] > 0);
    return { counted: counted.map((kind) => ({ kind, count: count[kind] })), answers };
  };
  return (
    <span class="beside-sum">
      <For each={parts().counted}>
        {({ kind, count }) => (
          <span class="beside-mark" data-kind={kind} title={say(kind, { count })}>
            <span aria-hidden="true">
              {signs[kind]}
              {count}
            </span>
            <span class="visually-hidden">{say(kind, { count })}</span>
          </span>
        )}
      </For>
      <For each={parts().answers.slice(0, 3)}>{(answer) => <span class="muted">{answer.name}</span>}</For>
      <Show when={!parts().counted.length && !parts().answers.length}>
        <span class="muted">{say("nothingChanged")}</span>
      </Show>
    </span>
  );
}
