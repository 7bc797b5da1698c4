/** Two versions of the same regions, side by side: somebody else changed what was changed here. */
import { createResource, createSignal, For, Show } from "solid-js";
import { locale } from "../../../app/i18n";
import type { Conflict } from "../../../store/merge";
import type { ResultItem } from "../../../store/result";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import type { StoredAnnotation } from "../backend";
import type { Screen } from "../screen";
import { fetchWords, say } from "./words";

interface ConflictProps {
  readonly screen: Screen;
  readonly conflict: { theirs: StoredAnnotation; conflicts: readonly Conflict[] };
}

export default function ConflictDialog(props: ConflictProps) {
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <Asked {...props} />
    </Show>
  );
}

function Asked(props: ConflictProps) {
  const { screen } = props;
  const [theirs, setTheirs] = createSignal<ReadonlySet<number>>(new Set<number>());
  const choose = (index: number, taken: boolean) => {
    const next = new Set(theirs());
    if (taken) next.add(index);
    else next.delete(index);
    setTheirs(next);
  };
  const save = () => {
    const session = screen.open()?.session;
    if (!session) return;
    const results = props.conflict.conflicts.reduce(
      (items, one, index) => (theirs().has(index) ? swap(items, one) : items),
      session.annotation.document.results(),
    );
    session.resolve(results, props.conflict.theirs);
    screen.setConflict(null);
    void screen.submit();
  };
  return (
    <Dialog
      open
      size="large"
      title={say("changedElsewhere")}
      description={say("changedHint", { author: props.conflict.theirs.author })}
      onClose={() => screen.setConflict(null)}
      footer={
        <>
          <Button onClick={() => screen.setConflict(null)}>{say("notNow")}</Button>
          <Button look="primary" onClick={save}>
            {say("save")}
          </Button>
        </>
      }
    >
      <For each={props.conflict.conflicts}>
        {(one, index) => (
          <fieldset class="conflict">
            <legend>{one.mine?.from_name ?? one.theirs?.from_name ?? say("relation")}</legend>
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
      <code>{props.item ? JSON.stringify(props.item.value ?? props.item, null, 1) : say("deleted")}</code>
    </label>
  );
}

/** The results with their version of a conflict in place of mine. */
function swap(items: readonly ResultItem[], { mine, theirs }: Conflict): readonly ResultItem[] {
  const at = mine === undefined ? -1 : items.indexOf(mine);
  if (at < 0) return theirs ? [...items, theirs] : items;
  return theirs ? items.with(at, theirs) : items.toSpliced(at, 1);
}
