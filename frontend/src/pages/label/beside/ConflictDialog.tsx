/**
 * Two versions side by side, each on its own canvas: what I made, and what somebody saved meanwhile. For each region
 * that both changed one is chosen; the rest is merged already. Nothing is thrown away until that is saved.
 */
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { locale } from "../../../app/i18n";
import type { Conflict } from "../../../store/merge";
import { isRelation, type ResultItem } from "../../../store/result";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import type { StoredAnnotation } from "../backend";
import { describeItem } from "../describe";
import type { Open, Screen } from "../screen";
import { TagTree } from "../TagTree";
import { comparedStage } from "./compared";
import { answerText, differences } from "./differences";
import { markedId } from "./marks";
import { nameOf as nameOfPerson, peopleAround } from "./requests";
import type { StageHost } from "./StageHost";
import { chosenResults } from "./sides";
import { fetchWords, say } from "./words";
import "./beside.css";

interface ConflictProps {
  readonly screen: Screen;
  readonly conflict: { readonly theirs: StoredAnnotation; readonly conflicts: readonly Conflict[] };
}

export default function ConflictDialog(props: ConflictProps) {
  const [spoken] = createResource(locale, fetchWords);
  const [editor] = createResource(() => editorOf(props.conflict.theirs));
  return (
    <Show when={spoken() && props.screen.open()}>
      {(open) => <Show when={editor()}>{(name) => <Asked {...props} open={open()} editor={name()} />}</Show>}
    </Show>
  );
}

/** What whoever saved it meanwhile is called: its author, or somebody who mended it. */
async function editorOf({ author, editor }: StoredAnnotation): Promise<string> {
  if (editor === undefined || editor === null) return author;
  return nameOfPerson(await peopleAround().catch(() => undefined), editor);
}

function Asked(props: ConflictProps & { open: Open; editor: string }) {
  const { screen, open } = props;
  const [theirs, setTheirs] = createSignal<ReadonlySet<number>>(new Set<number>());
  const choose = (index: number, taken: boolean) => {
    const next = new Set(theirs());
    if (taken) next.add(index);
    else next.delete(index);
    setTheirs(next);
  };
  const all = (taken: boolean) =>
    setTheirs(new Set(taken ? props.conflict.conflicts.map((_, index) => index) : []));
  const merged = open.session.annotation.document.results();
  const mine = chosenResults(merged, props.conflict.conflicts, new Set());
  const stored = props.conflict.theirs.result;
  const { tree } = open.host;
  const stages = createMemo(() => ({
    mine: comparedStage(open, mine, differences(tree, stored, mine)),
    theirs: comparedStage(open, stored, differences(tree, mine, stored)),
  }));
  const save = () => {
    const results = chosenResults(merged, props.conflict.conflicts, theirs());
    open.session.resolve(results, props.conflict.theirs);
    screen.setConflict(null);
    void screen.submit();
  };
  /** Goes to the region on both canvases. */
  const point = (one: Conflict) => {
    for (const host of [stages().mine, stages().theirs])
      host.select(
        ["changed", "added", "removed", "same"]
          .map((mark) => markedId(one.region, mark))
          .filter((id) => host.region(id)),
      );
  };
  return (
    <Dialog
      open
      size="large"
      title={say("changedElsewhere")}
      description={say("changedHint", { author: props.editor })}
      onClose={() => screen.setConflict(null)}
      footer={
        <>
          <Button onClick={() => screen.setConflict(null)}>{say("notNow")}</Button>
          <Button onClick={() => all(false)}>{say("allMine")}</Button>
          <Button onClick={() => all(true)}>{say("allTheirs")}</Button>
          <Button look="primary" onClick={save}>
            {say("save")}
          </Button>
        </>
      }
    >
      <div class="conflict-canvases">
        <Canvas title={say("mine")} host={stages().mine} open={open} />
        <Canvas title={`${say("theirs")}: ${props.editor}`} host={stages().theirs} open={open} />
      </div>
      <For each={props.conflict.conflicts}>
        {(one, index) => (
          <fieldset class="conflict" onFocusIn={() => point(one)} onMouseEnter={() => point(one)}>
            <legend>{nameOf(open, one)}</legend>
            <Side
              title={say("mine")}
              item={one.mine}
              checked={!theirs().has(index())}
              group={index()}
              onChoose={() => choose(index(), false)}
            />
            <Side
              title={say("theirs")}
              item={one.theirs}
              checked={theirs().has(index())}
              group={index()}
              onChoose={() => choose(index(), true)}
            />
          </fieldset>
        )}
      </For>
    </Dialog>
  );
}

/** One version as it is shown while labeling; nothing can be changed there. */
function Canvas(props: { title: string; host: StageHost; open: Open }) {
  return (
    <section class="conflict-canvas" aria-label={props.title}>
      <h3>{props.title}</h3>
      <TagTree node={props.host.tree.root} host={props.host} modules={props.open.modules} />
    </section>
  );
}

function nameOf(open: Open, one: Conflict): string {
  const item = one.mine ?? one.theirs ?? one.base;
  if (!item || isRelation(item)) return say("relation");
  const labels = item.value?.[item.type ?? ""];
  const titles =
    item.type?.endsWith("labels") && Array.isArray(labels)
      ? labels.map((label) => open.host.labelTitle(String(label), item.to_name))
      : [];
  return [item.from_name, ...titles].filter(Boolean).join(" · ");
}

function Side(props: {
  title: string;
  item: ResultItem | undefined;
  checked: boolean;
  group: number;
  onChoose: () => void;
}) {
  return (
    <label class="conflict-side">
      <input
        type="radio"
        name={`conflict-${props.group}`}
        checked={props.checked}
        onChange={() => props.onChoose()}
      />
      <b>{props.title}</b>
      <span class="conflict-what">{props.item ? told(props.item) : say("deleted")}</span>
    </label>
  );
}

/** Labels and place of a region, or the answer that was given. */
function told(item: ResultItem): string {
  const region = {
    id: item.id ?? "",
    object: item.to_name ?? "",
    items: [item],
    labels: [],
    hidden: false,
    locked: false,
  };
  const place = describeItem(region);
  const answer = answerText(item);
  return item.type?.endsWith("labels") || !place ? [answer, place].filter(Boolean).join(" · ") : place;
}
