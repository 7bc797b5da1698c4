/**
 * The states every fetched thing goes through: nothing for 200 ms, then a skeleton; an error with a way
 * to try again; the thing itself, which stays on screen while it is fetched anew.
 */
import { createMemo, createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { Button } from "./Button";
import "./Loaded.css";
import { Icon } from "./Icon";
import { words } from "./words";

/** What is needed of a query; TanStack's fits. */
export interface Loading<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly isFetching: boolean;
  refetch: () => unknown;
}

export function Loaded<Data>(props: {
  query: Loading<Data>;
  skeleton?: JSX.Element;
  children: (data: () => Data) => JSX.Element;
}) {
  // `data` is read only once it is there: a pending read would suspend the whole page.
  const data = () => (props.query.isPending || props.query.error ? undefined : props.query.data);
  /** What was last there, for children that are asked once more while they make way for an error. */
  const known = createMemo<Data | undefined>((before) => data() ?? before);
  return (
    <Switch>
      <Match when={props.query.isPending}>
        <Late>{props.skeleton ?? <Skeleton lines={4} />}</Late>
      </Match>
      <Match when={props.query.error}>
        {(error) => (
          <Failed
            message={error().message}
            busy={props.query.isFetching}
            onRetry={() => void props.query.refetch()}
          />
        )}
      </Match>
      <Match when={data() !== undefined}>{props.children(() => known() as Data)}</Match>
    </Switch>
  );
}

/** An error in place of what could not be shown. */
export function Failed(props: { message: string; busy?: boolean; onRetry: () => void }) {
  return (
    <div class="failed" role="alert">
      <Icon name="triangle-alert" size={20} />
      <div>
        <p class="failed-title">{words.failed()}</p>
        <p class="muted">{props.message}</p>
      </div>
      <Button icon="refresh-cw" busy={props.busy} onClick={() => props.onRetry()}>
        {words.retry()}
      </Button>
    </div>
  );
}

/** Shows its content only when it has been waited for, so that quick answers never flicker. */
export function Late(props: { children: JSX.Element; after?: number }) {
  const [due, setDue] = createSignal(false);
  const timer = setTimeout(() => setDue(true), props.after ?? 200);
  onCleanup(() => clearTimeout(timer));
  return (
    <div role="status" aria-busy="true">
      <span class="visually-hidden">{words.loading()}</span>
      <Show when={due()}>{props.children}</Show>
    </div>
  );
}

/** Grey lines where text will be. */
export function Skeleton(props: { lines?: number; height?: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: props.lines ?? 1 }, (_, i) => (
        <div
          class="skeleton-line"
          style={{ "block-size": `${props.height ?? 16}px`, "inline-size": `${100 - ((i * 17) % 40)}%` }}
        />
      ))}
    </div>
  );
}
