/** All tools of the image canvas put together, and how each is called. */
import type { ShapeKind } from "../geometry/shapes";
import { BrushIdle, BrushPainting } from "./brush/brush";
import { FrameDrawing } from "./frame/drawing";
import { FrameIdle } from "./frame/idle";
import type { ToolHost } from "./host";
import { Machine } from "./machine";
import { PanIdle, Panning } from "./pan/pan";
import { PointIdle } from "./point/idle";
import { PolygonDrawing } from "./polygon/drawing";
import { PolygonIdle } from "./polygon/idle";
import { Root } from "./root";
import { SelectCorner } from "./select/corner";
import { SelectCorners } from "./select/corners";
import { SelectDragging } from "./select/dragging";
import { SelectIdle } from "./select/idle";
import { SelectMarquee } from "./select/marquee";
import { SelectPointing } from "./select/pointing";
import { SelectResizing } from "./select/resizing";
import { SelectRotating } from "./select/rotating";
import { VectorDrawing } from "./vector/drawing";
import { VectorIdle } from "./vector/idle";
import { WandIdle, WandSpreading } from "./wand/wand";

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

/** Gives a machine with every tool in it, at rest in select. `hostOf` gets the machine the host has to offer. */
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
    .add("select/corner", new SelectCorner(host))
    .add("select/corners", new SelectCorners(host))
    .add("box", group)
    .add("box/idle", new FrameIdle(host, "rect", "box"))
    .add("box/drawing", new FrameDrawing(host, "rect", "box"))
    .add("ellipse", group)
    .add("ellipse/idle", new FrameIdle(host, "ellipse", "ellipse"))
    .add("ellipse/drawing", new FrameDrawing(host, "ellipse", "ellipse"))
    .add("polygon", group)
    .add("polygon/idle", new PolygonIdle(host))
    .add("polygon/drawing", new PolygonDrawing(host))
    .add("vector", group)
    .add("vector/idle", new VectorIdle(host))
    .add("vector/drawing", new VectorDrawing(host))
    .add("point", group)
    .add("point/idle", new PointIdle(host))
    .add("brush", group)
    .add("brush/idle", new BrushIdle(host, "brush"))
    .add("brush/painting", new BrushPainting(host, "brush"))
    .add("erase", group)
    .add("erase/idle", new BrushIdle(host, "erase"))
    .add("erase/painting", new BrushPainting(host, "erase"))
    .add("wand", group)
    .add("wand/idle", new WandIdle(host))
    .add("wand/spreading", new WandSpreading(host))
    .add("pan", group)
    .add("pan/idle", new PanIdle(host))
    .add("pan/panning", new Panning(host));
  machine.go("select/idle");
  return machine;
}
