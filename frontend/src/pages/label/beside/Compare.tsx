/** Several people's annotations of one task on one canvas: a colour for each, and how far their regions agree. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { isRegionItem, labelsOf } from "../../../config/results";
import { isRelation, type ResultItem, sameJson } from "../../../store/result";
import type { StoredAnnotation } from "../backend";
import type { Open, Screen } from "../screen";
import { answerText } from "./differences";
import { type Mark, marked, markedId } from "./marks";
import { agreementOf, type Region } from "./overlap";
import { StageHost } from "./StageHost";
import { showInstead } from "./stage";
import { say } from "./words";

/** Told apart also without red and green; names stand beside them all the same. */
const COLORS = ["#2f7fd1", "#e07b00", "#7b4fc9", "#109a8c", "#c2377f", "#6d7a1f", "#a3542b", "#4b5a78"];
const MOST_ROWS = 200;

interface Person {
  readonly stored: StoredAnnotation;
  readonly mark: Mark;
  readonly regions: readonly Region[];
}

export function Compare(props: { screen: Screen; open: Open; onLeave: () => void }) {
  const { open } = props;
  const people = open.task.annotations
    .filter((stored) => !stored.skipped)
    .map((stored, at) => personOf(open, stored, COLORS[at % COLORS.length] ?? ""));
  const [off, setOff] = createSignal<ReadonlySet<number>>(new Set<number>());
  const on = () => people.filter(({ stored }) => !off().has(stored.id));
  const toggle = (id: number) => {
    const next = new Set(off());
    if (!next.delete(id)) next.add(id);
    setOff(next);
  };
  const stage = createMemo(() => {
    if (people.length < 2) return null;
    const items = on().flatMap(({ regions, mark }) =>
      marked(
        open.host.tree,
        regions.flatMap((region) => region.items),
        mark.id,
      ),
    );
    return new StageHost(
      open,
      items,
      on().map(({ mark }) => mark),
    );
  });
  showInstead(props.screen, stage, () => ({ text: say("comparing"), leave: props.onLeave }));
  const figures = createMemo(() => figuresOf(on()));
  const meanOf = (id: number) => {
    const own = figures().filter((row) => row.person.stored.id === id && row.share !== undefined);
    return own.length ? own.reduce((sum, row) => sum + (row.share ?? 0), 0) / own.length : undefined;
  };

  return (
    <div class="beside-body">
      <Show when={people.length > 1} fallback={<p class="muted">{say("onlyOne")}</p>}>
        <section aria-labelledby="compare-people">
          <h3 id="compare-people">{say("people")}</h3>
          <ul class="beside-list">
            <For each={people}>
              {({ stored, mark, regions }) => (
                <li>
                  <label class="beside-person" style={{ "--label": mark.color }}>
                    <input
                      type="checkbox"
                      checked={!off().has(stored.id)}
                      onChange={() => toggle(stored.id)}
                    />
                    <span class="label-dot" aria-hidden="true" />
                    <b>{stored.author}</b>
                    <span class="muted tabular">
                      #{stored.id} · {regions.length}
                    </span>
                    <span class="label-gap" />
                    <span class="tabular">{figure(meanOf(stored.id))}</span>
                  </label>
                </li>
              )}
            </For>
          </ul>
        </section>
        <section aria-labelledby="compare-agreement">
          <h3 id="compare-agreement" title={say("agreementHint")}>
            {say("agreement")}
          </h3>
          <p class="muted beside-small">{say("agreementHint")}</p>
          <ul class="beside-changes">
            <For each={figures().slice(0, MOST_ROWS)}>
              {({ person, region, share }) => (
                <li>
                  <button
                    type="button"
                    class="beside-change"
                    style={{ "--label": person.mark.color }}
                    onClick={() => stage()?.select([markedId(region.id, person.mark.id)])}
                    onMouseEnter={() => stage()?.hover(markedId(region.id, person.mark.id))}
                    onMouseLeave={() => stage()?.hover(null)}
                  >
                    <span class="label-dot" aria-hidden="true" />
                    <b>{labelsIn(open, region) || say("region")}</b>
                    <span class="muted region-text">{person.stored.author}</span>
                    <span class="label-gap" />
                    <span class="tabular" title={share === undefined ? say("noFigure") : undefined}>
                      {figure(share)}
                    </span>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </section>
        <Answers people={on()} />
      </Show>
    </div>
  );
}

const figure = (share: number | undefined) => (share === undefined ? "–" : `${Math.round(share * 100)} %`);

function labelsIn(open: Open, region: Region): string {
  const object = region.items[0]?.to_name ?? "";
  const labels = [...new Set(region.items.flatMap(labelsOf))];
  return labels.map((label) => open.host.labelTitle(label, object)).join(", ");
}

function personOf(open: Open, stored: StoredAnnotation, color: string): Person {
  const regions = new Map<string, ResultItem[]>();
  for (const item of stored.result) {
    if (item.id === undefined || isRelation(item)) continue;
    regions.set(item.id, [...(regions.get(item.id) ?? []), item]);
  }
  const drawn = [...regions].filter(([, items]) => items.some((item) => isRegionItem(item, open.host.tree)));
  return {
    stored,
    regions: drawn.map(([id, items]) => ({ id, items })),
    mark: {
      id: String(stored.id),
      color,
      title: (label) => (label ? `${label} · ${stored.author}` : stored.author),
    },
  };
}

interface Row {
  readonly person: Person;
  readonly region: Region;
  readonly share: number | undefined;
}

/** Each region with how far the others agree, those that they agree least with first. */
function figuresOf(people: readonly Person[]): readonly Row[] {
  const rows = people.flatMap((person) => {
    const others = people.filter((other) => other !== person).map((other) => other.regions);
    return person.regions.map((region) => ({ person, region, share: agreementOf(region, others) }));
  });
  return rows.sort((a, b) => (a.share ?? 2) - (b.share ?? 2));
}

/** What people answered beside regions, one control after the other. */
function Answers(props: { people: readonly Person[] }) {
  const rows = () => {
    const drawn = new Set(props.people.flatMap(({ regions }) => regions.map(({ id }) => id)));
    const names = new Set(
      props.people.flatMap(({ stored }) =>
        stored.result.flatMap((item) =>
          item.from_name !== undefined && !drawn.has(item.id ?? "") ? [item.from_name] : [],
        ),
      ),
    );
    return [...names].map((name) => {
      const given = props.people.map(({ stored }) =>
        stored.result.find((item) => item.from_name === name && !drawn.has(item.id ?? "")),
      );
      const same = given.every((item) => sameJson(item?.value, given[0]?.value));
      return { name, given, same };
    });
  };
  return (
    <Show when={rows().length}>
      <section aria-labelledby="compare-answers">
        <h3 id="compare-answers">{say("answers")}</h3>
        <ul class="beside-list">
          <For each={rows()}>
            {({ name, given, same }) => (
              <li class="beside-answer">
                <span class="beside-line">
                  <b>{name}</b>
                  <span class="beside-mark" data-kind={same ? "added" : "changed"}>
                    {same ? say("same") : say("other")}
                  </span>
                </span>
                <For each={props.people}>
                  {(person, at) => (
                    <span class="beside-line" style={{ "--label": person.mark.color }}>
                      <span class="label-dot" aria-hidden="true" />
                      <span class="muted">{person.stored.author}</span> {answerText(given[at()])}
                    </span>
                  )}
                </For>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
