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
  { tool: "vector", title: "toolVector", key: "l" },
  { tool: "ellipse", title: "toolEllipse", key: "o" },
  { tool: "point", title: "toolPoint", key: "k" },
  { tool: "brush", title: "toolBrush", key: "b" },
  { tool: "wand", title: "toolWand", key: "w" },
  { tool: "erase", title: "toolErase", key: "e" },
];

/** What changes how a picture shows, and nothing else. */
export interface Viewing {
  readonly name: "previousPage" | "nextPage" | "turnLeft" | "turnRight" | "fit" | "overview";
  readonly title: TagWord;
  readonly key: string;
}

export const VIEWING: readonly Viewing[] = [
  { name: "previousPage", title: "previousPage", key: "pageup" },
  { name: "nextPage", title: "nextPage", key: "pagedown" },
  { name: "turnLeft", title: "turnLeft", key: "alt+Comma" },
  { name: "turnRight", title: "turnRight", key: "alt+Period" },
  { name: "fit", title: "fitPicture", key: "alt+Digit0" },
  { name: "overview", title: "overview", key: "alt+KeyM" },
];

/** The name under which the key of such a deed is changed. */
export const deedId = (name: string): string => `image.${name}`;

/** The name under which a tool's key is changed. */
export const toolId = (tool: ToolName): string => deedId(tool);
