/** Pasted text as the file it would have been: JSON stays JSON, a table CSV or TSV, anything else one task a line. */

export function pastedFile(text: string): File {
  const [name, type] = kindOf(text);
  return new File([text], name, { type });
}

function kindOf(text: string): [name: string, type: string] {
  if (isJson(text)) return ["pasted.json", "application/json"];
  const separators = /^[^\n]*(\t|,)[^\n]*\n/.exec(text);
  if (separators && sameWidth(text, separators[1] ?? ","))
    return separators[1] === "\t" ? ["pasted.tsv", "text/tab-separated-values"] : ["pasted.csv", "text/csv"];
  return ["pasted.txt", "text/plain"];
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** Whether each line has as many cells as the first, which then is the head of a table. Quoted cells count as one. */
function sameWidth(text: string, separator: string): boolean {
  const lines = text.trim().split("\n");
  const width = (line: string) => line.replace(/"(?:[^"]|"")*"/g, "").split(separator).length;
  const first = width(lines[0] ?? "");
  return lines.length > 1 && first > 1 && lines.every((line) => width(line) === first);
}
