/** Dates between the browser's fields (ISO) and the stored text (strftime's signs). */

const parts: Readonly<Record<string, { length: number; place: number }>> = {
  Y: { length: 4, place: 0 },
  m: { length: 2, place: 1 },
  d: { length: 2, place: 2 },
  H: { length: 2, place: 3 },
  M: { length: 2, place: 4 },
  S: { length: 2, place: 5 },
};

/** The kind of field for the parts asked for, and the format stored without an own one. */
export function fieldFor(only: readonly string[]): { type: string; format: string } {
  const has = (part: string) => only.includes(part);
  if (!only.length || (has("date") && has("time")))
    return { type: "datetime-local", format: "%Y-%m-%dT%H:%M" };
  if (has("date")) return { type: "date", format: "%Y-%m-%d" };
  if (has("time")) return { type: "time", format: "%H:%M" };
  if (has("month")) return { type: "month", format: "%Y-%m" };
  return { type: "number", format: "%Y" };
}

/** Writes a field's ISO text by a format; signs it does not know stay. */
export function formatDate(iso: string, type: string, format: string): string {
  const values = readIso(iso, type);
  return format.replace(/%([A-Za-z%])/g, (sign, letter: string) => {
    if (letter === "%") return "%";
    const part = parts[letter];
    return part ? String(values[part.place] ?? 0).padStart(part.length, "0") : sign;
  });
}

/** Reads a stored text by its format into the field's ISO text; "" when it does not fit. */
export function parseDate(text: string, type: string, format: string): string {
  const letters: string[] = [];
  const pattern = format.replace(/%([A-Za-z%])|[.*+?^${}()|[\]\\]/g, (sign, letter: string | undefined) => {
    const part = letter ? parts[letter] : undefined;
    if (!letter || !part) return `\\${sign.slice(-1)}`;
    letters.push(letter);
    return `(\\d{1,${part.length}})`;
  });
  const match = new RegExp(`^${pattern}`).exec(text);
  if (!match) return "";
  const values = [1970, 1, 1, 0, 0, 0];
  letters.forEach((letter, index) => {
    values[parts[letter]?.place ?? 0] = Number(match[index + 1]);
  });
  return writeIso(values, type);
}

function readIso(iso: string, type: string): number[] {
  const numbers = iso.split(/[-T:]/).map(Number);
  return type === "time" ? [1970, 1, 1, ...numbers] : numbers;
}

function writeIso(values: readonly number[], type: string): string {
  const [year, month, day, hour, minute] = values.map((value, index) =>
    String(value).padStart(index ? 2 : 4, "0"),
  );
  const forms: Record<string, string> = {
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}`,
    month: `${year}-${month}`,
    number: String(Number(year)),
  };
  return forms[type] ?? `${year}-${month}-${day}T${hour}:${minute}`;
}
