/** Dates between the browser's fields (ISO) and the stored text (strftime's signs). */

/** Year, month, day, hour, minute, second, and how many hours a sign for the half of the day adds. */
type Values = number[];

interface Sign {
  /** What the sign stands for when it is read. */
  readonly pattern: string;
  readonly write: (values: Values) => string;
  readonly read: (text: string, values: Values) => void;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const at = (values: Values, place: number) => values[place] ?? 0;
const padded = (value: number, length: number) => String(value).padStart(length, "0");

function digits(place: number, length = 2): Sign {
  return {
    pattern: `\\s?\\d{1,${length}}`,
    write: (values) => padded(at(values, place), length),
    read: (text, values) => {
      values[place] = Number(text);
    },
  };
}

/** English names, whole or their first three letters. */
function named(names: readonly string[], letters: number, index: (values: Values) => number): Sign {
  const shown = names.map((name) => name.slice(0, letters));
  return {
    pattern: shown.join("|"),
    write: (values) => shown[index(values)] ?? "",
    read: () => undefined,
  };
}

function month(letters: number): Sign {
  const sign = named(months, letters, (values) => at(values, 1) - 1);
  const read = (text: string, values: Values) => {
    values[1] = months.findIndex((name) => name.slice(0, 3) === text.slice(0, 3)) + 1;
  };
  return { ...sign, read };
}

const weekday = (values: Values) =>
  new Date(Date.UTC(at(values, 0), at(values, 1) - 1, at(values, 2))).getUTCDay();

const signs: Readonly<Record<string, Sign>> = {
  Y: digits(0, 4),
  m: digits(1),
  d: digits(2),
  e: { ...digits(2), write: (values) => String(at(values, 2)).padStart(2) },
  H: digits(3),
  M: digits(4),
  S: digits(5),
  y: {
    ...digits(0),
    write: (values) => padded(at(values, 0) % 100, 2),
    // As strftime's counterpart reads them: 69 to 99 are of the last century.
    read: (text, values) => {
      values[0] = Number(text) + (Number(text) < 69 ? 2000 : 1900);
    },
  },
  I: {
    ...digits(3),
    write: (values) => padded(((at(values, 3) + 11) % 12) + 1, 2),
    read: (text, values) => {
      values[3] = Number(text) % 12;
    },
  },
  p: {
    pattern: "AM|PM",
    write: (values) => (at(values, 3) < 12 ? "AM" : "PM"),
    read: (text, values) => {
      values[6] = text === "PM" ? 12 : 0;
    },
  },
  B: month(9),
  b: month(3),
  A: named(days, 9, weekday),
  a: named(days, 3, weekday),
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
  return format.replace(/%(-?)([A-Za-z%])/g, (written, bare: string, letter: string) => {
    if (letter === "%") return "%";
    const text = signs[letter]?.write(values) ?? written;
    return bare ? text.replace(/^[0 ](?=\d)/, "") : text;
  });
}

/** Reads a stored text by its format into the field's ISO text; "" when it does not fit. */
export function parseDate(text: string, type: string, format: string): string {
  const read: Sign[] = [];
  const pattern = format.replace(
    /%-?([A-Za-z%])|[.*+?^${}()|[\]\\]/g,
    (written, letter: string | undefined) => {
      const sign = letter ? signs[letter] : undefined;
      if (!sign) return letter === "%" ? "%" : letter ? written : `\\${written}`;
      read.push(sign);
      return `(${sign.pattern})`;
    },
  );
  const match = new RegExp(`^${pattern}`).exec(text);
  if (!match) return "";
  const values = [1970, 1, 1, 0, 0, 0, 0];
  read.forEach((sign, index) => {
    sign.read(match[index + 1] ?? "", values);
  });
  if (at(values, 3) < 12) values[3] = at(values, 3) + at(values, 6);
  return writeIso(values.slice(0, 6), type);
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
