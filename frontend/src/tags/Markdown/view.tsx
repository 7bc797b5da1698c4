import { For, Match, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import { readText } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { safeStyle } from "../View/style";
import { type Block, type Inline, parseMarkdown } from "./parse";

type BlockOf<Kind extends Block["kind"]> = Extract<Block, { kind: Kind }>;

export default function Markdown(props: TagViewProps) {
  return (
    <div
      class={`markdown ${readText(props.node, "className")}`}
      id={readText(props.node, "idAttr") || undefined}
      style={safeStyle(readText(props.node, "style"))}
    >
      <For each={parseMarkdown(readText(props.node, "value", props.host.data))}>
        {(block) => <OneBlock block={block} />}
      </For>
    </div>
  );
}

function OneBlock(props: { block: Block }) {
  const { block } = props;
  return (
    <Switch>
      <Match when={block.kind === "heading" && (block as BlockOf<"heading">)}>
        {(heading) => (
          <h2 class="tag-header" data-size={heading().level}>
            <Words inside={heading().inside} />
          </h2>
        )}
      </Match>
      <Match when={block.kind === "code" && (block as BlockOf<"code">)}>
        {(code) => <pre>{code().text}</pre>}
      </Match>
      <Match when={block.kind === "list" && (block as BlockOf<"list">)}>
        {(list) => (
          <Dynamic
            component={list().ordered ? "ol" : "ul"}
            style={{ "list-style": list().ordered ? "decimal" : "disc", "padding-inline-start": "22px" }}
          >
            <For each={list().items}>
              {(item) => (
                <li>
                  <Words inside={item} />
                </li>
              )}
            </For>
          </Dynamic>
        )}
      </Match>
      <Match
        when={
          (block.kind === "paragraph" || block.kind === "quote") && (block as BlockOf<"paragraph" | "quote">)
        }
      >
        {(words) => (
          <Dynamic
            component={words().kind === "quote" ? "blockquote" : "p"}
            style={{ "margin-block": "6px" }}
          >
            <Words inside={words().inside} />
          </Dynamic>
        )}
      </Match>
    </Switch>
  );
}

function Words(props: { inside: readonly Inline[] }) {
  return <For each={props.inside}>{(part) => <Word part={part} />}</For>;
}

function Word(props: { part: Inline }) {
  const { part } = props;
  switch (part.kind) {
    case "text":
      return <>{part.text}</>;
    case "code":
      return <code>{part.text}</code>;
    case "strong":
      return (
        <strong>
          <Words inside={part.inside} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Words inside={part.inside} />
        </em>
      );
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          <Words inside={part.inside} />
        </a>
      );
  }
}
