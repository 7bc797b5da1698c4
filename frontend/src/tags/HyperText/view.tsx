import { createResource, Match, Switch } from "solid-js";
import { readFlag } from "../../config/attributes";
import type { JsonObject } from "../../config/json";
import { describeSpan, locateSpan, type PathSpan, type UnitSpan } from "../../text/spans";
import type { TextMap } from "../../text/textmap";
import type { HostRegion, TagViewProps } from "../_contract/contract";
import { words } from "../_contract/words";
import { framedPage } from "../_spans/document";
import { SpanSurface } from "../_spans/view";
import { loadContent, savesText } from "../Text/content";

export default function HyperText(props: TagViewProps) {
  const [content] = createResource(() => loadContent(props));
  return (
    <Switch fallback={<p class="muted">{words("loadingDocument")}</p>}>
      <Match when={content.error}>
        <p role="alert" class="tag-error">
          {String((content.error as Error).message)}
        </p>
      </Match>
      <Match when={content.state === "ready"}>
        <SpanSurface
          node={props.node}
          host={props.host}
          srcdoc={framedPage(content() ?? "")}
          links={readFlag(props.node, "clickableLinks")}
          locate={locate}
          describe={(span, map) => describe(span, map, savesText(props))}
        />
      </Match>
    </Switch>
  );
}

function locate(region: HostRegion, map: TextMap): UnitSpan | null {
  const value = region.items.find((item) => typeof item.value?.start === "string")?.value;
  return value ? locateSpan(map, value as unknown as PathSpan) : null;
}

function describe(span: UnitSpan, map: TextMap, withText: boolean): JsonObject | null {
  const described = describeSpan(map, span);
  if (!described) return null;
  const { text, ...place } = described;
  return withText ? { ...place, text } : place;
}
