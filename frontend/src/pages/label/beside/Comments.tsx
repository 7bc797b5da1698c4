/** What people say about the task, its annotations and their regions. */
import { createEffect, createResource, createSignal, For, Show } from "solid-js";
import { errorOfThrown } from "../../../api/errors";
import type { Comment } from "../../../api/types";
import { currentUser } from "../../../app/auth";
import { formatDate } from "../../../app/i18n";
import { Button } from "../../../ui/Button";
import { Failed } from "../../../ui/Loaded";
import { toast } from "../../../ui/toasts";
import { titleOf } from "../RegionsPanel";
import type { Open, Screen } from "../screen";
import { countByRegion, regionOf } from "./commentCounts";
import { changeComment, commentsOf, removeComment, sayAbout } from "./requests";
import { say } from "./words";

/** As long as the server takes. */
const LONGEST = 5000;

export function Comments(props: { screen: Screen; open: Open }) {
  const { open } = props;
  const [comments, { mutate, refetch }] = createResource(() => open.task.id, commentsOf);
  const [showsResolved, setShowsResolved] = createSignal(false);
  const list = () => (comments.error ? [] : (comments.latest ?? []));
  const resolved = () => list().filter((one) => one.is_resolved).length;
  const shown = () => list().filter((one) => showsResolved() || !one.is_resolved);
  createEffect(() => open.host.remarks[1](countByRegion(list())));
  const annotation = open.session.subject.kind === "annotation" ? open.session.subject.stored.id : undefined;
  const region = () => {
    const [id, ...others] = open.host.selection();
    return id !== undefined && !others.length && annotation !== undefined ? open.host.region(id) : undefined;
  };
  const nameOfRegion = (id: string) => {
    const found = open.host.region(id);
    return found ? titleOf(open.host, found) : say("goneRegion");
  };
  const where = () => {
    const on = region();
    if (on) return say("onRegion", { region: titleOf(open.host, on) });
    return annotation === undefined ? say("onTask") : say("onAnnotation");
  };
  const about = (one: Comment) => {
    if (one.annotation === null) return say("onTask");
    if (one.annotation !== annotation) return say("onOther", { id: `#${one.annotation}` });
    return one.region_ref?.regionId ? undefined : say("onAnnotation");
  };

  const guarded = async (work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      toast(errorOfThrown(error).message, { tone: "danger" });
      return false;
    }
  };
  const send = (text: string) =>
    guarded(async () => {
      const on = region();
      const made = await sayAbout({
        text,
        task: open.task.id,
        ...(annotation === undefined ? {} : { annotation }),
        ...(on ? { region_ref: { regionId: on.id } } : {}),
      });
      await refetch();
      if (!list().some(({ id }) => id === made.id)) mutate([...list(), made]);
      props.screen.announce(say("said"));
    });
  const change = (id: number, body: { text?: string; is_resolved?: boolean }) =>
    guarded(async () => {
      const changed = await changeComment(id, body);
      // The author is told as an object in lists alone.
      mutate(list().map((one) => (one.id === id ? { ...changed, created_by: one.created_by } : one)));
    });
  const remove = (id: number) =>
    guarded(async () => {
      await removeComment(id);
      mutate(list().filter((one) => one.id !== id));
    });

  return (
    <div class="beside-body beside-comments">
      <Show
        when={!comments.error}
        fallback={<Failed message={errorOfThrown(comments.error).message} onRetry={() => void refetch()} />}
      >
        <ol class="beside-list" aria-label={say("comments")}>
          <For each={shown()} fallback={<li class="muted">{comments.loading ? "" : say("noComments")}</li>}>
            {(one) => (
              <Said
                comment={one}
                about={about(one)}
                region={one.annotation === annotation ? regionOf(one) : undefined}
                nameOfRegion={nameOfRegion}
                onRegion={(id) => open.host.select([id])}
                onChange={(body) => change(one.id, body)}
                onRemove={() => void remove(one.id)}
              />
            )}
          </For>
        </ol>
        <Show when={resolved() > 0}>
          <label class="beside-tick">
            <input
              type="checkbox"
              checked={showsResolved()}
              onChange={(event) => setShowsResolved(event.currentTarget.checked)}
            />
            {say("showResolved", { count: resolved() })}
          </label>
        </Show>
      </Show>
      <Writing label={where()} button={say("send")} onSend={send} />
    </div>
  );
}

interface SaidProps {
  readonly comment: Comment;
  readonly about: string | undefined;
  readonly region: string | undefined;
  readonly nameOfRegion: (id: string) => string;
  readonly onRegion: (id: string) => void;
  readonly onChange: (body: { text?: string; is_resolved?: boolean }) => Promise<boolean>;
  readonly onRemove: () => void;
}

function Said(props: SaidProps) {
  const [editing, setEditing] = createSignal(false);
  const author = () => props.comment.created_by;
  const mine = () =>
    (typeof author() === "object" ? (author() as { id: number }).id : author()) === currentUser()?.id;
  const name = () => {
    const by = author();
    return typeof by === "object" ? `${by.first_name} ${by.last_name}`.trim() || by.email : `#${by}`;
  };
  return (
    <li class="beside-said" data-resolved={props.comment.is_resolved ? "" : undefined}>
      <span class="beside-line">
        <b>{name()}</b>
        <span class="muted">{formatDate(props.comment.created_at)}</span>
        <Show when={props.comment.is_resolved}>
          <span class="muted">✓ {say("resolved")}</span>
        </Show>
      </span>
      <Show
        when={props.region}
        fallback={<Show when={props.about}>{(about) => <span class="muted">{about()}</span>}</Show>}
      >
        {(id) => (
          <button type="button" class="beside-region" onClick={() => props.onRegion(id())}>
            {say("onRegion", { region: props.nameOfRegion(id()) })}
          </button>
        )}
      </Show>
      <Show
        when={editing()}
        fallback={
          <>
            <p class="beside-text">{props.comment.text}</p>
            <span class="beside-line">
              <Button
                look="quiet"
                size="small"
                onClick={() => void props.onChange({ is_resolved: !props.comment.is_resolved })}
              >
                {props.comment.is_resolved ? say("reopen") : say("resolve")}
              </Button>
              <Show when={mine()}>
                <Button look="quiet" size="small" onClick={() => setEditing(true)}>
                  {say("edit")}
                </Button>
                <Button look="quiet" size="small" onClick={() => props.onRemove()}>
                  {say("remove")}
                </Button>
              </Show>
            </span>
          </>
        }
      >
        <Writing
          label={say("comment")}
          button={say("save")}
          text={props.comment.text}
          onSend={async (text) => {
            const done = await props.onChange({ text });
            if (done) setEditing(false);
            return done;
          }}
          onCancel={() => setEditing(false)}
        />
      </Show>
    </li>
  );
}

interface WritingProps {
  readonly label: string;
  readonly button: string;
  readonly text?: string;
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onCancel?: () => void;
}

/** A field for a comment. What could not be sent stays in it. */
function Writing(props: WritingProps) {
  const [text, setText] = createSignal(props.text ?? "");
  const [busy, setBusy] = createSignal(false);
  const send = async () => {
    if (!text().trim() || busy()) return;
    setBusy(true);
    if (await props.onSend(text().trim())) setText("");
    setBusy(false);
  };
  const onKey = (event: KeyboardEvent) => {
    // Sending a comment must not send the annotation.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      void send();
    } else if (event.key === "Escape" && props.onCancel) {
      event.stopPropagation();
      props.onCancel();
    }
  };
  return (
    <div class="beside-writing">
      <textarea
        class="answer"
        rows={2}
        maxlength={LONGEST}
        aria-label={`${say("comment")}: ${props.label}`}
        placeholder={props.label}
        title={say("commentHint")}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <Button size="small" look="primary" busy={busy()} disabled={!text().trim()} onClick={() => void send()}>
        {props.button}
      </Button>
    </div>
  );
}
