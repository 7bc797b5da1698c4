import "./view.css";
import { createResource, For, Match, Switch } from "solid-js";
import { readText } from "../../config/attributes";
import type { UnitSpan } from "../../text/spans";
import type { TextMap } from "../../text/textmap";
import type { HostRegion, TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { SpanSurface } from "../_spans/view";
import { fetchText } from "../Text/content";
import { fromUnits, readTurns, type Turn, toUnits } from "./turns";

/** Speakers are drawn by CSS, so that the text under the surface is the words alone. */
export default function Paragraphs(props: TagViewProps) {
  const [turns] = createResource(() => load(props));
  return (
    <Switch fallback={<p class="muted">{words("loadingDialogue")}</p>}>
      <Match when={turns.error}>
        <p role="alert" class="tag-error">
          {String((turns.error as Error).message)}
        </p>
      </Match>
      <Match when={turns.state === "ready" && turns()}>
        {(list) => (
          <SpanSurface
            node={props.node}
            host={props.host}
            locate={(region, map) => locate(region, map, list())}
            describe={(span, map) => {
              const value = fromUnits(span, startsOf(list()));
              const withText = readText(props.node, "saveTextResult") === "yes";
              return withText ? { ...value, text: map.text.slice(span.start, span.end) } : value;
            }}
          >
            <For each={list()}>
              {(turn) => (
                <div
                  class="turn"
                  data-author={turn.author ? `${turn.author}: ` : undefined}
                  data-layout={readText(props.node, "layout")}
                >
                  {turn.text}
                </div>
              )}
            </For>
          </SpanSurface>
        )}
      </Match>
    </Switch>
  );
}

async function load({ node, host }: TagViewProps): Promise<readonly Turn[]> {
  const value = host.attribute(node, "value");
  const list = readText(node, "valueType") === "url" ? await fetchText(String(value)) : value;
  try {
    return readTurns(list, readText(node, "nameKey"), readText(node, "textKey"));
  } catch {
    throw new Error(word("wrongData", { name: node.name ?? "" }));
  }
}

function startsOf(turns: readonly Turn[]): readonly number[] {
  let start = 0;
  return turns.map((turn) => {
    const own = start;
    start += turn.text.length;
    return own;
  });
}

function locate(region: HostRegion, map: TextMap, turns: readonly Turn[]): UnitSpan | null {
  const value = region.items.find((item) => item.value?.startOffset !== undefined)?.value;
  return value ? toUnits(value, startsOf(turns), map.text.length) : null;
}
