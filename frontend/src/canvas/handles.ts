/** The handles of a selected shape: where they are on the screen, what pulling them does, and which is under the pointer. */
import { angleOf, distance, middle, type Point, plus, turn } from "./geometry/points";
import { ellipseFrame, type Polygon, type Pull, type Rect, rectCorners, type Shape } from "./geometry/shapes";
import { segmentMiddle, type Vector } from "./geometry/vectors";
import { toScreen, type ViewState } from "./view";

export interface ResizeHandle {
  readonly kind: "resize";
  readonly pull: Pull;
  readonly at: Point;
  readonly cursor: string;
}
export interface RotateHandle {
  readonly kind: "rotate";
  readonly at: Point;
  /** Where its stalk begins, on the shape. */
  readonly foot: Point;
  readonly cursor: string;
}
export interface CornerHandle {
  readonly kind: "corner";
  readonly corner: number;
  readonly at: Point;
  readonly cursor: string;
}
/** The middle of an edge: pulling it makes a new corner. */
export interface EdgeHandle {
  readonly kind: "edge";
  /** The new corner's number. */
  readonly corner: number;
  readonly at: Point;
  readonly cursor: string;
}
/** What a curve is pulled by. */
export interface CurveHandle {
  readonly kind: "curve";
  readonly corner: number;
  readonly which: "c1" | "c2";
  readonly at: Point;
  /** The point it belongs to. */
  readonly foot: Point;
  readonly cursor: string;
}
export type Handle = ResizeHandle | RotateHandle | CornerHandle | EdgeHandle | CurveHandle;

const STALK_PX = 22;
/** Sides shorter than this have no handle in their middle. */
const SIDE_PX = 36;
const EDGE_PX = 28;
const MOST_CORNERS = 400;

const PULLS: readonly Pull[] = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 1 },
  { x: -1, y: 1 },
  { x: 0, y: -1 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
];

/** Gives the frame handles pull on, for shapes that have one. */
export function frameOf(shape: Shape): Rect | null {
  if (shape.kind === "rect") return shape;
  return shape.kind === "ellipse" ? ellipseFrame(shape) : null;
}

/** Gives the handles of a shape, the ones to be preferred first. */
export function handlesOf(shape: Shape, view: ViewState, canRotate: boolean): Handle[] {
  if (shape.kind === "polygon") return cornerHandles(shape, view);
  if (shape.kind === "vector") return vertexHandles(shape, view);
  const frame = frameOf(shape);
  return frame === null ? [] : frameHandles(frame, view, canRotate);
}

function frameHandles(frame: Rect, view: ViewState, canRotate: boolean): Handle[] {
  const corners = rectCorners(frame).map((p) => toScreen(view, p)) as [Point, Point, Point, Point];
  const [width, height] = [distance(corners[0], corners[1]), distance(corners[1], corners[2])];
  const center = middle(corners[0], corners[2]);
  const handles: Handle[] = [];
  for (const pull of PULLS) {
    if ((pull.x === 0 && width < SIDE_PX) || (pull.y === 0 && height < SIDE_PX)) continue;
    const local = { x: (pull.x * width) / 2, y: (pull.y * height) / 2 };
    const at = plus(center, turn(local, frame.rotation + view.rotation));
    handles.push({ kind: "resize", pull, at, cursor: resizeCursor(pull, frame.rotation + view.rotation) });
  }
  if (!canRotate) return handles;
  const foot = plus(center, turn({ x: 0, y: -height / 2 }, frame.rotation + view.rotation));
  const at = plus(center, turn({ x: 0, y: -height / 2 - STALK_PX }, frame.rotation + view.rotation));
  return [...handles, { kind: "rotate", at, foot, cursor: "grab" }];
}

function cornerHandles(polygon: Polygon, view: ViewState): Handle[] {
  if (polygon.points.length > MOST_CORNERS) return [];
  const points = polygon.points.map((p) => toScreen(view, p));
  const corners = points.map<Handle>((at, corner) => ({ kind: "corner", corner, at, cursor: "move" }));
  const edges: Handle[] = [];
  points.forEach((at, i) => {
    const next = points[i + 1] ?? (polygon.closed ? points[0] : undefined);
    if (next === undefined || distance(at, next) < EDGE_PX) return;
    edges.push({ kind: "edge", corner: i + 1, at: middle(at, next), cursor: "copy" });
  });
  return [...corners, ...edges];
}

function vertexHandles({ vertices }: Vector, view: ViewState): Handle[] {
  if (vertices.length > MOST_CORNERS) return [];
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const corners: Handle[] = [];
  const curves: Handle[] = [];
  const edges: Handle[] = [];
  vertices.forEach((vertex, corner) => {
    const at = toScreen(view, vertex);
    corners.push({ kind: "corner", corner, at, cursor: "move" });
    for (const which of ["c1", "c2"] as const) {
      const pulled = vertex[which];
      if (pulled !== undefined)
        curves.push({ kind: "curve", corner, which, at: toScreen(view, pulled), foot: at, cursor: "move" });
    }
    const before = byId.get(vertex.prev ?? "");
    if (before === undefined || distance(at, toScreen(view, before)) < EDGE_PX) return;
    edges.push({ kind: "edge", corner, at: toScreen(view, segmentMiddle(before, vertex)), cursor: "copy" });
  });
  return [...corners, ...curves, ...edges];
}

const CURSORS = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

function resizeCursor(pull: Pull, degrees: number): string {
  const along = angleOf(turn({ x: pull.x, y: pull.y }, degrees), { x: 0, y: 0 });
  const eighth = ((Math.round(along / 45) % 4) + 4) % 4;
  return CURSORS[eighth] ?? "move";
}

/** True when both are the same handle of a shape, wherever it was when they were asked for. */
export function sameHandle(a: Handle, b: Handle | undefined): boolean {
  if (a.kind !== b?.kind) return false;
  if (a.kind === "resize") return b.kind === "resize" && a.pull.x === b.pull.x && a.pull.y === b.pull.y;
  if (a.kind === "curve") return b.kind === "curve" && a.corner === b.corner && a.which === b.which;
  return a.kind === "rotate" || ("corner" in b && a.corner === b.corner);
}

/** Gives the nearest handle within reach, corners before edges. */
export function handleAt(handles: readonly Handle[], at: Point, reach: number): Handle | undefined {
  let best: Handle | undefined;
  let nearest = reach;
  for (const handle of handles) {
    const away = distance(handle.at, at) + (handle.kind === "edge" ? 2 : 0);
    if (away <= nearest && (best === undefined || away < nearest)) {
      best = handle;
      nearest = away;
    }
  }
  return best;
}
