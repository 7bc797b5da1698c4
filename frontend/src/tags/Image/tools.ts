/** The tools of an Image as people meet them: what each is called, and the key that takes it up. */
import type { ToolName } from "../../canvas/tools/tools";
import type { TagWord } from "../_contract/english";

export interface ImageTool {
  readonly tool: ToolName;
  readonly title: TagWord;
  readonly key: string;
}

export const TOOLS: readonly ImageTool[] = [
  { tool: "select", title: "toolSelect", key: "v" },
  { tool: "pan", title: "toolPan", key: "h" },
  { tool: "box", title: "toolBox", key: "r" },
  { tool: "polygon", title: "toolPolygon", key: "p" },
  { tool: "ellipse", title: "toolEllipse", key: "o" },
  { tool: "point", title: "toolPoint", key: "k" },
  { tool: "brush", title: "toolBrush", key: "b" },
  { tool: "erase", title: "toolErase", key: "e" },
];

/** The name under which a tool's key is changed. */
export const toolId = (tool: ToolName): string => `image.${tool}`;
