/** The rows of a Table, from whatever the data holds. */
import { isJsonObject, type JsonValue } from "../../config/json";
import { asText } from "../../config/variables";

export interface TableRows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An object as name and value, sorted by name; objects as columns; anything else by its place. */
export function tableOf(value: JsonValue, heads = { name: "Name", value: "Value" }): TableRows {
  const data = typeof value === "string" ? parse(value) : value;
  if (isJsonObject(data)) {
    const rows = Object.keys(data)
      .sort()
      .map((name) => [name, asText(data[name])]);
    return { head: [heads.name, heads.value], rows };
  }
  if (!Array.isArray(data)) return { head: [heads.value], rows: [[asText(data)]] };
  const list = data as readonly JsonValue[];
  if (!list.every(isJsonObject) || !list.length)
    return { head: ["#", heads.value], rows: list.map((one, index) => [String(index), asText(one)]) };
  const head = [...new Set(list.flatMap((one) => (isJsonObject(one) ? Object.keys(one) : [])))];
  return { head, rows: list.map((one) => head.map((name) => (isJsonObject(one) ? asText(one[name]) : ""))) };
}

/** Reads CSV with a separator; quotes hold separators, line ends and doubled quotes. */
export function csvOf(text: string, separator: string, headless: boolean): TableRows {
  const rows = text.trim() ? splitCsv(text.replace(/\r?\n$/, ""), separator) : [];
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (headless) return { head: Array.from({ length: width }, (_, index) => String(index + 1)), rows };
  return { head: rows[0] ?? [], rows: rows.slice(1) };
}

function splitCsv(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) end();
    else if (sign === "\n") {
      end();
      rows.push([]);
    } else if (sign !== "\r") cell += sign;
  }
  end();
  return rows;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
