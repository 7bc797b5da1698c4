import { createResource, For, Match, Switch } from "solid-js";
import type { CodePoints } from "../../text/offsets";
import type { UnitSpan } from "../../text/spans";
import type { TextMap } from "../../text/textmap";
import type { HostRegion, TagViewProps } from "../_contract/contract";
import { words } from "../_contract/words";
import { SpanSurface } from "../_spans/view";
import { loadContent, savesText } from "./content";

/** Lines to a block, so that the browser can leave out those off screen. */
const BLOCK_LINES = 40;

export default function Text(props: TagViewProps) {
  const [content] = createResource(() => loadContent(props));
  return (
    <Switch fallback={<p class="muted">{words("loadingText")}</p>}>
      <Match when={content.error}>
        <p role="alert" class="tag-error">
          {String((content.error as Error).message)}
        </p>
      </Match>
      <Match when={content.state === "ready"}>
        <SpanSurface
          node={props.node}
          host={props.host}
          locate={(region, map) => locate(region, map)}
          describe={(span, map) => describe(span, map, savesText(props))}
        >
          <For each={blocksOf(content() ?? "")}>{(block) => <div class="text-block">{block}</div>}</For>
        </SpanSurface>
      </Match>
    </Switch>
  );
}

/** Pieces of some lines each, their line ends kept: joined they are the text. */
function blocksOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_LINES)
    blocks.push(lines.slice(at, at + BLOCK_LINES).join(""));
  return blocks;
}

const counted = new WeakMap<TextMap, CodePoints>();

function pointsOf(map: TextMap): CodePoints {
  const known = counted.get(map) ?? map.points;
  counted.set(map, known);
  return known;
}

/** Stored offsets are code points; anything else (old exports with texts) is read as numbers. */
function locate(region: HostRegion, map: TextMap): UnitSpan | null {
  const value = region.items.find((item) => item.value?.start !== undefined)?.value;
  const start = Number(value?.start);
  const end = Number(value?.end);
  if (!Number.isFinite(start) || !(end > start)) return null;
  const points = pointsOf(map);
  return { start: points.toUnits(start), end: points.toUnits(end) };
}

function describe(span: UnitSpan, map: TextMap, withText: boolean) {
  const points = pointsOf(map);
  const value = { start: points.fromUnits(span.start), end: points.fromUnits(span.end) };
  return withText ? { ...value, text: map.text.slice(span.start, span.end) } : value;
}
