/** Results compared: those made by hand nearly equal to what is expected, those not touched to the byte. */
import type { ResultItem } from "../../../src/api/types";

/** A pixel of the screen is about a seventh of a percent of a picture there. */
const NEAR = 0.35;

/** Ids by the order in which they first come, and without what the clock says. */
export function masked(items: readonly ResultItem[]): unknown[] {
  const regions = new Map<unknown, string>();
  const mask = (names: Map<unknown, string>, id: unknown) => {
    if (!names.has(id)) names.set(id, `#${names.size}`);
    return names.get(id);
  };
  const inside = (value: unknown, vertices = new Map<unknown, string>()): unknown => {
    if (Array.isArray(value)) return value.map((one) => inside(one, vertices));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).map(([key, one]) => {
      const isId = key === "id" || (key === "prevPointId" && one !== null);
      return [key, isId ? mask(vertices, one) : inside(one, vertices)];
    });
    return Object.fromEntries(entries);
  };
  return items.map(({ meta: _, value, ...item }) => {
    for (const key of ["id", "from_id", "to_id"]) if (item[key]) item[key] = mask(regions, item[key]);
    return value === undefined ? item : { ...item, value: inside(value) };
  });
}

/** Where two results differ, in words; nothing where numbers are near and all else is the same. */
export function differences(made: unknown, wanted: unknown, at = "result", near = NEAR): string[] {
  if (typeof made === "number" && typeof wanted === "number")
    return Math.abs(made - wanted) <= near ? [] : [`${at}: ${made}, not ${wanted}`];
  if (typeof made !== "object" || typeof wanted !== "object" || made === null || wanted === null)
    return made === wanted ? [] : [`${at}: ${JSON.stringify(made)}, not ${JSON.stringify(wanted)}`];
  const [a, b] = [made as Record<string, unknown>, wanted as Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], `${at}.${key}`, near));
}

/** The items of the first `result` list in an answer, each as its text stands there. */
export function rawItems(answer: string): string[] {
  const start = answer.indexOf('"result":[');
  if (start < 0) throw new Error(`no result in ${answer.slice(0, 200)}`);
  const items: string[] = [];
  let depth = 0;
  let began = -1;
  let quoted = false;
  for (let at = start + '"result":['.length; at < answer.length; at++) {
    const sign = answer[at];
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "{" || sign === "[") {
      if (depth === 0) began = at;
      depth += 1;
    } else if (sign === "}" || sign === "]") {
      if (depth === 0) return items;
      depth -= 1;
      if (depth === 0) items.push(answer.slice(began, at + 1));
    }
  }
  throw new Error("the answer ends inside its result");
}
