/**
 * How much two regions share: intersection over union, of areas on pictures and of spans in texts. A plain figure for
 * looking at; agreement as it is reported is measured elsewhere.
 */
import { labelsOf } from "../../../config/results";
import type { ResultItem } from "../../../store/result";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Area {
  readonly kind: "area";
  readonly box: Box;
  /** Whether the area is all of its box. */
  readonly full: boolean;
  readonly holds: (x: number, y: number) => boolean;
}

interface Span {
  readonly kind: "span";
  readonly start: number;
  readonly end: number;
}

type Extent = Area | Span;
type Value = NonNullable<ResultItem["value"]>;

/** Points along a side of the common box at which slanted areas are compared. */
const SAMPLES = 64;

const number = (value: Value, key: string) =>
  typeof value[key] === "number" ? (value[key] as number) : undefined;

/** 0 to 1; undefined where either has no extent that is known here (masks), or they lie on different things. */
export function overlap(a: ResultItem, b: ResultItem): number | undefined {
  const [one, other] = [extentOf(a), extentOf(b)];
  if (!one || !other) return undefined;
  if (a.to_name !== b.to_name || (a.item_index ?? 0) !== (b.item_index ?? 0)) return 0;
  if (one.kind === "span" || other.kind === "span")
    return one.kind === "span" && other.kind === "span" ? spans(one, other) : 0;
  return areas(one, other);
}

function spans(a: Span, b: Span): number {
  const common = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  const all = Math.max(a.end, b.end) - Math.min(a.start, b.start);
  return all > 0 ? Math.max(0, common) / all : 1;
}

function areas(a: Area, b: Area): number {
  const left = Math.min(a.box.left, b.box.left);
  const top = Math.min(a.box.top, b.box.top);
  const [width, height] = [
    Math.max(a.box.right, b.box.right) - left,
    Math.max(a.box.bottom, b.box.bottom) - top,
  ];
  const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
  const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
  if (wide <= 0 || high <= 0) return 0;
  if (a.full && b.full) return (wide * high) / (size(a.box) + size(b.box) - wide * high);
  let [both, either] = [0, 0];
  for (let i = 0; i < SAMPLES; i += 1)
    for (let j = 0; j < SAMPLES; j += 1) {
      const [x, y] = [left + ((i + 0.5) / SAMPLES) * width, top + ((j + 0.5) / SAMPLES) * height];
      const [inA, inB] = [a.holds(x, y), b.holds(x, y)];
      both += Number(inA && inB);
      either += Number(inA || inB);
    }
  return either ? both / either : 0;
}

const size = (box: Box) => (box.right - box.left) * (box.bottom - box.top);

function extentOf(item: ResultItem): Extent | undefined {
  const value = item.value ?? {};
  const [start, end] = [number(value, "start"), number(value, "end")];
  if (start !== undefined && end !== undefined && number(value, "x") === undefined)
    return { kind: "span", start, end };
  // A turned shape is turned in pixels, not in percent.
  const aspect = (item.original_width ?? 1) / (item.original_height ?? 1);
  if (Array.isArray(value.points))
    return polygon(value.points.map((point) => point as [number, number]).filter(Array.isArray));
  const [x, y] = [number(value, "x"), number(value, "y")];
  if (x === undefined || y === undefined) return undefined;
  const turn = ((number(value, "rotation") ?? 0) * Math.PI) / 180;
  const [rx, ry] = [number(value, "radiusX"), number(value, "radiusY")];
  if (rx !== undefined && ry !== undefined) return polygon(ring(x, y, rx, ry, turn, aspect));
  const [width, height] = [number(value, "width"), number(value, "height")];
  if (width === undefined || height === undefined) return undefined;
  if (turn === 0)
    return {
      kind: "area",
      box: { left: x, top: y, right: x + width, bottom: y + height },
      full: true,
      holds: (px, py) => px >= x && px <= x + width && py >= y && py <= y + height,
    };
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
  return polygon(corners.map(([dx, dy]) => turned(x, y, dx, dy, turn, aspect)));
}

function ring(
  x: number,
  y: number,
  rx: number,
  ry: number,
  turn: number,
  aspect: number,
): [number, number][] {
  return Array.from({ length: 48 }, (_, n) => {
    const at = (n / 48) * 2 * Math.PI;
    return turned(x, y, Math.cos(at) * rx, Math.sin(at) * ry, turn, aspect);
  });
}

function turned(
  x: number,
  y: number,
  dx: number,
  dy: number,
  turn: number,
  aspect: number,
): [number, number] {
  const [px, py] = [dx * aspect, dy];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return [x + (px * cos - py * sin) / aspect, y + px * sin + py * cos];
}

function polygon(points: readonly (readonly [number, number])[]): Area | undefined {
  if (points.length < 3) return undefined;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const holds = (x: number, y: number) => {
    let inside = false;
    points.forEach(([ax, ay], at) => {
      const [bx, by] = points[(at + points.length - 1) % points.length] ?? [0, 0];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    });
    return inside;
  };
  const box = {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
  return { kind: "area", box, full: false, holds };
}

export interface Region {
  readonly id: string;
  readonly items: readonly ResultItem[];
}

/** How far a region is shared by each of the others' regions: the best match with a label in common, on average. */
export function agreementOf(region: Region, others: readonly (readonly Region[])[]): number | undefined {
  const best = others.map((regions) => {
    const found = regions.filter((other) => sharesLabel(region, other)).map((other) => shared(region, other));
    const known = found.filter((share) => share !== undefined);
    if (known.length) return Math.max(...known);
    return found.length ? undefined : 0;
  });
  const known = best.filter((share) => share !== undefined);
  if (known.length === 0 || extent(region) === undefined) return undefined;
  return known.reduce((sum, share) => sum + share, 0) / known.length;
}

const extent = (region: Region) => region.items.map(extentOf).find((found) => found !== undefined);

function shared(a: Region, b: Region): number | undefined {
  const one = a.items.find((item) => extentOf(item));
  const other = b.items.find((item) => extentOf(item));
  return one && other ? overlap(one, other) : undefined;
}

function sharesLabel(a: Region, b: Region): boolean {
  const [mine, theirs] = [a.items.flatMap(labelsOf), b.items.flatMap(labelsOf)];
  return (!mine.length && !theirs.length) || mine.some((label) => theirs.includes(label));
}
