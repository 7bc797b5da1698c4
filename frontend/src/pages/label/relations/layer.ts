/**
 * Arrows over a picture or a text, in SVG, with what they are called in HTML. Most are drawn together, a path for all
 * lines of a colour and one for their heads; the one or two that are chosen or pointed at stand out in paths of their
 * own. Moved as a whole by one transform. It knows neither relations nor where they come from.
 */
import { type Curve, distanceToCurve, headOf, pointOn } from "../../../canvas/geometry/arrows";
import { distance, type Point } from "../../../canvas/geometry/points";
import type { Slot } from "../../../store/ops";
import type { Direction } from "./direction";

export interface Arrow {
  readonly slot: Slot;
  /** In pixels of the layer. */
  readonly curve: Curve;
  readonly direction: Direction;
  /** What it is called; "" for nothing. */
  readonly label: string;
  /** A colour of CSS, or undefined for the usual one. */
  readonly color: string | undefined;
  /** Where on the curve its label stands, 0 to 1. */
  readonly middle: number;
}

const HEAD_PX = 8;
const LIT_HEAD_PX = 10;
/** How near a pointer must be. */
const REACH_PX = 6;
const FINGER_PX = 14;
/** About as wide as a letter of a label is, and what is around them. */
const LETTER_PX = 6.2;
const AROUND_PX = 14;
const LONGEST_PX = 150;
const PILL_HALF_PX = 9;
const MOST_PILLS = 200;
/** Labels that would cover another try these ways along their arrows. */
const ELSEWHERE = [0, -0.16, 0.16, -0.28, 0.28] as const;
/** With more, they stay where they are: looking for room would cost more than it shows. */
const MOST_ARRANGED = 60;

export class ArrowLayer {
  readonly element: HTMLElement;
  private readonly carried: HTMLElement;
  private readonly litGroup: SVGGElement;
  private readonly restBatch: Batch;
  private readonly movingBatch: Batch;
  private readonly pills = new Map<Slot, Pill>();
  private still: readonly Arrow[] = [];
  private moved: readonly Arrow[] = [];
  private lit: readonly Slot[] = [];
  private occupied: readonly Taken[] = [];

  /**
   * `paper` is for what looks the same in every theme: pictures, documents of their own. `over` is what stays above the
   * arrows; without it they are on top.
   */
  constructor(host: Element, look: "paper" | "text", over: Element | null = null) {
    this.element = host.ownerDocument.createElement("div");
    this.element.className = "arrows";
    this.element.dataset.look = look;
    this.element.setAttribute("aria-hidden", "true");
    this.carried = host.ownerDocument.createElement("div");
    const svg = svgOf(host.ownerDocument, "svg");
    this.restBatch = new Batch(svg);
    this.movingBatch = new Batch(svg);
    this.litGroup = svgOf(host.ownerDocument, "g");
    this.litGroup.setAttribute("class", "arrows-lit");
    svg.append(this.litGroup);
    this.carried.append(svg);
    this.element.append(this.carried);
    host.insertBefore(this.element, over);
  }

  /** Draws the many that stay as they are; their labels keep off what is occupied. */
  rest(arrows: readonly Arrow[], occupied: readonly Taken[] = []): void {
    this.still = arrows;
    this.occupied = occupied;
    this.restBatch.draw(arrows);
    this.show();
  }

  /** Draws the few that change at each frame, beside the many. */
  moving(arrows: readonly Arrow[]): void {
    this.moved = arrows;
    this.movingBatch.draw(arrows);
    this.show();
  }

  /** Makes some stand out. */
  light(slots: readonly Slot[]): void {
    if (slots.join() === this.lit.join()) return;
    this.lit = slots;
    this.show();
  }

  /** Moves all of it, in pixels. */
  moveTo(x: number, y: number): void {
    this.carried.style.transform = `translate(${x}px, ${y}px)`;
  }

  set hidden(hidden: boolean) {
    this.element.style.display = hidden ? "none" : "";
  }

  /** The arrow under a place of the layer (as moved), or null; fingers need not be as near as a mouse. */
  at(place: Point, isTouch = false): Slot | null {
    const reach = isTouch ? FINGER_PX : REACH_PX;
    let [best, away]: [Slot | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const arrow of [...this.still, ...this.moved]) {
      const far = this.onPill(arrow, place) ? 0 : distanceToCurve(arrow.curve, place, reach);
      // Of those that lie over one another the one that stands out already.
      const near = this.lit.includes(arrow.slot) ? far - 2 : far;
      if (near < away) [best, away] = [arrow.slot, near];
    }
    return best;
  }

  dispose(): void {
    this.element.remove();
  }

  private onPill(arrow: Arrow, place: Point): boolean {
    const at = this.pills.get(arrow.slot)?.at;
    return (
      at !== undefined &&
      Math.abs(place.x - at.x) < pillWidth(arrow) / 2 &&
      Math.abs(place.y - at.y) < PILL_HALF_PX
    );
  }

  private show(): void {
    const all = [...this.still, ...this.moved];
    const lit = all.filter(({ slot }) => this.lit.includes(slot));
    this.element.toggleAttribute("data-lit", lit.length > 0);
    this.litGroup.replaceChildren(...lit.map((arrow) => litArrow(this.element.ownerDocument, arrow)));
    this.showPills(all, new Set(lit.map(({ slot }) => slot)));
  }

  private showPills(arrows: readonly Arrow[], lit: ReadonlySet<Slot>): void {
    const gone = new Set(this.pills.keys());
    const taken = [...this.occupied];
    for (const arrow of arrows) {
      const fits = distance(arrow.curve.from, arrow.curve.to) > pillWidth(arrow) + 2 * HEAD_PX;
      if (arrow.label === "" || !(fits || lit.has(arrow.slot))) continue;
      if (this.pills.size - gone.size >= MOST_PILLS && !lit.has(arrow.slot)) continue;
      gone.delete(arrow.slot);
      this.placePill(arrow, roomFor(arrow, taken), lit.has(arrow.slot));
    }
    for (const slot of gone) {
      this.pills.get(slot)?.node.remove();
      this.pills.delete(slot);
    }
  }

  private placePill(arrow: Arrow, at: Point, lit: boolean): void {
    const pill = this.pills.get(arrow.slot)?.node ?? this.newPill();
    this.pills.set(arrow.slot, { node: pill, at });
    if (pill.textContent !== arrow.label) pill.textContent = arrow.label;
    pill.style.transform = `translate(${Math.round(at.x)}px, ${Math.round(at.y)}px) translate(-50%, -50%)`;
    pill.style.setProperty("--arrow-own", arrow.color ?? "var(--arrow)");
    pill.toggleAttribute("data-lit", lit);
  }

  private newPill(): HTMLElement {
    const pill = this.element.ownerDocument.createElement("span");
    pill.className = "arrow-pill";
    pill.dir = "auto";
    this.carried.append(pill);
    return pill;
  }
}

interface Pill {
  readonly node: HTMLElement;
  readonly at: Point;
}

/** Where something stands that is as high as a label. */
export interface Taken {
  /** Its middle. */
  readonly at: Point;
  readonly width: number;
}

/** Gives a place along the arrow where its label covers no other, as far as there is one; and takes it. */
function roomFor(arrow: Arrow, taken: Taken[]): Point {
  const width = pillWidth(arrow);
  const usual = pointOn(arrow.curve, arrow.middle);
  const isFree = (p: Point) =>
    !taken.some(
      ({ at, width: other }) =>
        Math.abs(at.x - p.x) < (width + other) / 2 && Math.abs(at.y - p.y) < 2 * PILL_HALF_PX,
    );
  const places = ELSEWHERE.map((by) => pointOn(arrow.curve, arrow.middle + by));
  const at = taken.length > MOST_ARRANGED ? usual : (places.find(isFree) ?? usual);
  taken.push({ at, width });
  return at;
}

/** Arrows drawn together: whatever their number, a node for the light around them and two for each colour. */
class Batch {
  private readonly group: SVGGElement;
  private readonly halo: SVGPathElement;
  private readonly byColor = new Map<string, { lines: SVGPathElement; heads: SVGPathElement }>();

  constructor(parent: Element) {
    this.group = svgOf(parent.ownerDocument, "g");
    this.group.setAttribute("class", "arrows-many");
    this.halo = svgOf(parent.ownerDocument, "path");
    this.halo.setAttribute("class", "arrow-halo");
    this.group.append(this.halo);
    parent.append(this.group);
  }

  draw(arrows: readonly Arrow[]): void {
    const drawn = new Map<string, { lines: string[]; heads: string[] }>();
    const halo: string[] = [];
    for (const arrow of arrows) {
      const own = drawn.get(arrow.color ?? "") ?? { lines: [], heads: [] };
      drawn.set(arrow.color ?? "", own);
      const line = linePath(arrow, HEAD_PX);
      own.lines.push(line);
      own.heads.push(headsPath(arrow, HEAD_PX));
      halo.push(line);
    }
    this.halo.setAttribute("d", halo.join(""));
    for (const [color, { lines, heads }] of this.byColor) {
      if (drawn.has(color)) continue;
      lines.remove();
      heads.remove();
      this.byColor.delete(color);
    }
    for (const [color, own] of drawn) {
      const nodes = this.byColor.get(color) ?? this.newColor(color);
      nodes.lines.setAttribute("d", own.lines.join(""));
      nodes.heads.setAttribute("d", own.heads.join(""));
    }
  }

  private newColor(color: string) {
    const [lines, heads] = [arrowPath(this.group, "arrow-line"), arrowPath(this.group, "arrow-head")];
    if (color) for (const node of [lines, heads]) node.style.setProperty("--arrow-own", color);
    const nodes = { lines, heads };
    this.byColor.set(color, nodes);
    return nodes;
  }
}

function litArrow(page: Document, arrow: Arrow): SVGGElement {
  const group = svgOf(page, "g");
  group.dataset.slot = String(arrow.slot);
  if (arrow.color) group.style.setProperty("--arrow-own", arrow.color);
  arrowPath(group, "arrow-halo").setAttribute("d", linePath(arrow, LIT_HEAD_PX));
  arrowPath(group, "arrow-line").setAttribute("d", linePath(arrow, LIT_HEAD_PX));
  arrowPath(group, "arrow-head").setAttribute("d", headsPath(arrow, LIT_HEAD_PX));
  return group;
}

function arrowPath(parent: Element, name: string): SVGPathElement {
  const node = svgOf(parent.ownerDocument, "path");
  node.setAttribute("class", name);
  parent.append(node);
  return node;
}

const atTo = ({ direction }: Arrow): boolean => direction !== "left";
const atFrom = ({ direction }: Arrow): boolean => direction !== "right";

/** Lines end inside their heads, so that the tips stay sharp. */
function linePath(arrow: Arrow, head: number): string {
  const { from, c1, c2, to } = arrow.curve;
  const a = atFrom(arrow) ? toward(from, c1, head * 0.6) : from;
  const b = atTo(arrow) ? toward(to, c2, head * 0.6) : to;
  return `M${xy(a)}C${xy(c1)} ${xy(c2)} ${xy(b)}`;
}

function headsPath(arrow: Arrow, head: number): string {
  const ends = [atTo(arrow) ? "to" : null, atFrom(arrow) ? "from" : null] as const;
  return ends
    .flatMap((end) => (end ? [headOf(arrow.curve, end, head)] : []))
    .map(([tip, left, right]) => `M${xy(tip)}L${xy(left)}L${xy(right)}Z`)
    .join("");
}

function toward(p: Point, q: Point, by: number): Point {
  const away = distance(p, q) || 1;
  return { x: p.x + ((q.x - p.x) / away) * by, y: p.y + ((q.y - p.y) / away) * by };
}

const xy = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

const pillWidth = ({ label }: Arrow): number =>
  label === "" ? 0 : Math.min(LONGEST_PX, label.length * LETTER_PX + AROUND_PX);

function svgOf<K extends keyof SVGElementTagNameMap>(page: Document, name: K): SVGElementTagNameMap[K] {
  return page.createElementNS("http://www.w3.org/2000/svg", name);
}
