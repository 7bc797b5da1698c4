/** Draws the configuration's tree: each tag by its view, what is hidden left out, what is unknown said. */
import { type Component, createMemo, ErrorBoundary, For, type JSX, Match, Show, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { TagNode } from "../../config/tree";
import type { TagViewProps } from "../../tags/_contract/contract";
import type { LabelHost } from "./host";
import type { Modules } from "./modules";
import { say } from "./words";

export interface TreeProps {
  readonly node: TagNode;
  readonly host: LabelHost;
  readonly modules: Modules;
}

export function TagTree(props: TreeProps): JSX.Element {
  const shown = createMemo(() => props.host.visible(props.node));
  const view = () =>
    props.modules.get(props.node.schema?.name ?? "")?.view as Component<TagViewProps> | undefined;
  const children = () => (
    <For each={props.node.children}>{(child) => <TagTree {...props} node={child} />}</For>
  );
  const role = props.node.schema?.role;
  return (
    <Show when={shown()}>
      <Switch>
        <Match when={!props.node.schema}>
          <Unknown tag={props.node.tag}>{children()}</Unknown>
        </Match>
        <Match when={view()}>
          {(found) => (
            <ErrorBoundary fallback={(error) => <Broken node={props.node} error={error} />}>
              <div class="tag-place" data-tag={props.node.type} data-name={props.node.name ?? undefined}>
                <Dynamic component={found()} node={props.node} host={props.host}>
                  {role === "visual" ? children() : undefined}
                </Dynamic>
              </div>
            </ErrorBoundary>
          )}
        </Match>
        <Match when={role === "visual"}>{children()}</Match>
        {/* A tool without labels is drawn by its object: in the picture's toolbar, and nowhere else. */}
        <Match when={props.node.schema?.makesRegions && !props.node.schema.hasLabels}>{null}</Match>
        <Match when={role === "object" || role === "control"}>
          <p class="tag-notice">{say("noView", { tag: `<${props.node.tag}>` })}</p>
        </Match>
      </Switch>
    </Show>
  );
}

function Unknown(props: { tag: string; children: JSX.Element }) {
  return (
    <div>
      <p class="tag-notice">{say("noTag", { tag: `<${props.tag}>` })}</p>
      {props.children}
    </div>
  );
}

function Broken(props: { node: TagNode; error: unknown }) {
  const message = () => (props.error instanceof Error ? props.error.message : String(props.error));
  return (
    <p class="tag-notice" role="alert">
      {say("broken", { tag: `<${props.node.tag}>`, name: props.node.name ?? "", message: message() })}
    </p>
  );
}
