/** The arrows of all relations whose ends are on the screen, over whatever they lie on. */
import { createEffect, createMemo, For, onCleanup } from "solid-js";
import type { HostRegion, Surface } from "../../../tags/_contract/contract";
import type { LabelHost } from "../host";
import { AcrossArrows, type AcrossEnd } from "./acrossArrows";
import { directionOf } from "./direction";
import { offeredLabels, titlesOf } from "./naming";
import { PictureArrows } from "./pictureArrows";
import type { ArrowEvents, ArrowPlan } from "./plan";
import type { Relation, Relations } from "./state";
import { type SpanEnd, TextArrows } from "./textArrows";

type Plan = ArrowPlan<HostRegion>;

interface ArrowsProps {
  readonly host: LabelHost;
  readonly relations: Relations;
}

export default function Arrows(props: ArrowsProps) {
  const { host, relations } = props;
  const events: ArrowEvents = {
    free: () => host.relating() === null,
    chosen: relations.choose,
    pointed: relations.point,
  };
  const known = new WeakMap<Relation, Plan>();
  // What is drawn of a relation stays the same object until one of its regions changes.
  const plans = createMemo(
    () =>
      relations.list().flatMap((relation): Plan[] => {
        const [now, before] = [planOf(host, relation), known.get(relation)];
        if (!now) return [];
        const plan = before?.from === now.from && before.to === now.to ? before : now;
        known.set(relation, plan);
        return [plan];
      }),
    [],
    { equals: sameOnes },
  );
  const lit = createMemo(() => [relations.chosen(), relations.pointed()].flatMap((slot) => slot ?? []));
  const across = createMemo(() => {
    const surfaces = host.surfaces();
    const on = (region: HostRegion) => surfaces.find(({ object }) => object === region.object);
    return plans().flatMap((plan): ArrowPlan<AcrossEnd>[] => {
      const [from, to] = [on(plan.from), on(plan.to)];
      if (!from || !to || from === to) return [];
      return [{ ...plan, from: end(plan.from, from), to: end(plan.to, to) }];
    });
  });
  const holder = createMemo(
    () => (across().length ? host.surfaces()[0]?.element.closest<HTMLElement>(".label-work") : null) ?? null,
  );
  let over: AcrossArrows | undefined;
  createEffect(() => {
    const work = holder();
    if (!work) return;
    const made = new AcrossArrows(work, events);
    over = made;
    createEffect(() => made.set(across()));
    createEffect(() => made.light(lit()));
    onCleanup(() => {
      over = undefined;
      made.dispose();
    });
  });

  const inPicture = (surface: Surface) => {
    const { picture, object } = surface;
    if (!picture) return null;
    const drawn = new PictureArrows(picture, events, (preview) => over?.follow(preview));
    const own = createMemo(
      () => plans().filter(({ from, to }) => from.object === object && to.object === object),
      [],
      { equals: sameOnes },
    );
    createEffect(() => drawn.set(own()));
    createEffect(() => drawn.light(lit()));
    onCleanup(() => drawn.dispose());
    return null;
  };
  const inText = (surface: Surface) => {
    const { text, object, element } = surface;
    if (!text) return null;
    const drawn = new TextArrows(text.view, element, events, () => over?.look() ?? (() => undefined));
    const spanned = (region: HostRegion): SpanEnd[] => {
      const span = region.object === object ? text.spanOf(region) : null;
      return span ? [{ id: region.id, span }] : [];
    };
    createEffect(() =>
      drawn.set(
        plans().flatMap((plan): ArrowPlan<SpanEnd>[] => {
          const [from] = spanned(plan.from);
          const [to] = spanned(plan.to);
          return from && to ? [{ ...plan, from, to }] : [];
        }),
      ),
    );
    createEffect(() => drawn.light(lit()));
    onCleanup(() => drawn.dispose());
    return null;
  };
  return (
    <For each={host.surfaces()}>{(surface) => (surface.picture ? inPicture(surface) : inText(surface))}</For>
  );
}

const sameOnes = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

const end = (region: HostRegion, surface: Surface): AcrossEnd => ({ id: region.id, region, surface });

/** What is drawn of a relation; nothing while one of its regions is hidden or missing. Tracked. */
function planOf(host: LabelHost, { slot, item }: Relation): Plan | null {
  const [from, to] = [item.from_id, item.to_id].map((id) => (id === undefined ? undefined : host.region(id)));
  if (!from || !to || isHidden(from) || isHidden(to)) return null;
  const label = titlesOf(host, item).join(", ");
  return { slot, from, to, direction: directionOf(item), label, color: colorOf(host, item.labels) };
}

const isHidden = (region: HostRegion): boolean =>
  region.hidden || region.items.some((item) => item.hidden === true);

/** The colour of the first label, where the configuration gives one that is a colour. */
function colorOf(host: LabelHost, labels: unknown): string | undefined {
  const [first] = Array.isArray(labels) ? labels : [];
  const color = offeredLabels(host).items.find(({ stored }) => stored === first)?.background;
  return color && CSS.supports("color", color) ? color : undefined;
}
