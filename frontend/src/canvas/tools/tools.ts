/** The tools of the image canvas put together, and how each is called. */
import type { ShapeKind } from "../geometry/shapes";
import { FrameDrawing } from "./frame/drawing";
import { FrameIdle } from "./frame/idle";
import type { ToolHost } from "./host";
import { Machine } from "./machine";
import { PanIdle, Panning } from "./pan/pan";
import { PointIdle } from "./point/idle";
import { Root } from "./root";
import { SelectDragging } from "./select/dragging";
import { SelectIdle } from "./select/idle";
import { SelectMarquee } from "./select/marquee";
import { SelectPointing } from "./select/pointing";
import { SelectResizing } from "./select/resizing";
import { SelectRotating } from "./select/rotating";

export type ToolName =
  | "select"
  | "pan"
  | "box"
  | "ellipse"
  | "polygon"
  | "vector"
  | "point"
  | "brush"
  | "erase"
  | "wand";

export const TOOL_OF_KIND: Readonly<Record<ShapeKind, ToolName>> = {
  rect: "box",
  ellipse: "ellipse",
  polygon: "polygon",
  point: "point",
  mask: "brush",
  vector: "vector",
};

/** The tools that are here at once; `freeTools.ts` has the others. */
const FRAMES: ReadonlySet<ToolName> = new Set(["select", "pan", "box", "ellipse", "point"]);

/** Whether a tool draws freely, corner by corner or pixel by pixel: those are fetched when there is use for them. */
export const isFree = (tool: ToolName): boolean => !FRAMES.has(tool);

/** Gives a machine at rest in select, without the free tools. `hostOf` gets the machine the host has to offer. */
export function makeTools(hostOf: (machine: Machine) => ToolHost): Machine {
  const machine = new Machine();
  const host = hostOf(machine);
  machine.root = new Root(host);
  const group = {};
  machine
    .add("select", group)
    .add("select/idle", new SelectIdle(host))
    .add("select/pointing", new SelectPointing(host))
    .add("select/dragging", new SelectDragging(host))
    .add("select/marquee", new SelectMarquee(host))
    .add("select/resizing", new SelectResizing(host))
    .add("select/rotating", new SelectRotating(host))
    .add("box", group)
    .add("box/idle", new FrameIdle(host, "rect", "box"))
    .add("box/drawing", new FrameDrawing(host, "rect", "box"))
    .add("ellipse", group)
    .add("ellipse/idle", new FrameIdle(host, "ellipse", "ellipse"))
    .add("ellipse/drawing", new FrameDrawing(host, "ellipse", "ellipse"))
    .add("point", group)
    .add("point/idle", new PointIdle(host))
    .add("pan", group)
    .add("pan/idle", new PanIdle(host))
    .add("pan/panning", new Panning(host));
  machine.go("select/idle");
  return machine;
}
