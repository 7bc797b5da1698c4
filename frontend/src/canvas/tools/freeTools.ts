/** The tools that draw corner by corner or pixel by pixel, and what moves corners. Fetched when there is use for them. */
import { BrushIdle, BrushPainting } from "./brush/brush";
import type { ToolHost } from "./host";
import type { Machine } from "./machine";
import { PolygonDrawing } from "./polygon/drawing";
import { PolygonIdle } from "./polygon/idle";
import { SelectCorner } from "./select/corner";
import { SelectCorners } from "./select/corners";
import { VectorDrawing } from "./vector/drawing";
import { VectorIdle } from "./vector/idle";
import { WandIdle, WandSpreading } from "./wand/wand";

export function addFreeTools(machine: Machine, host: ToolHost): void {
  const group = {};
  machine
    .add("select/corner", new SelectCorner(host))
    .add("select/corners", new SelectCorners(host))
    .add("polygon", group)
    .add("polygon/idle", new PolygonIdle(host))
    .add("polygon/drawing", new PolygonDrawing(host))
    .add("vector", group)
    .add("vector/idle", new VectorIdle(host))
    .add("vector/drawing", new VectorDrawing(host))
    .add("brush", group)
    .add("brush/idle", new BrushIdle(host, "brush"))
    .add("brush/painting", new BrushPainting(host, "brush"))
    .add("erase", group)
    .add("erase/idle", new BrushIdle(host, "erase"))
    .add("erase/painting", new BrushPainting(host, "erase"))
    .add("wand", group)
    .add("wand/idle", new WandIdle(host))
    .add("wand/spreading", new WandSpreading(host));
}
