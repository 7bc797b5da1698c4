/** Where in a code something is: lines, columns and the place in the text. */

export interface CodeFault {
  /** Counted from 1; null when the place is unknown. */
  line: number | null;
  column: number | null;
  message: string;
  suggestion?: string | null | undefined;
}

/** `"3:14"` as line and column; anything else is a place unknown. */
export function parsePlace(place: string): Pick<CodeFault, "line" | "column"> {
  const found = /^(\d+)(?::(\d+))?$/.exec(place);
  return { line: found ? Number(found[1]) : null, column: found?.[2] ? Number(found[2]) : null };
}

/** The position in the text of a line and column counted from 1, clipped to what is there. */
export function positionOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const row = Math.max(0, Math.min(lines.length, line) - 1);
  const before = lines.slice(0, row).reduce((sum, part) => sum + part.length + 1, 0);
  return before + Math.min(lines[row]?.length ?? 0, Math.max(0, column - 1));
}
