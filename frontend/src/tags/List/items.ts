/** Entries of a List as the data gives them; ids become text. */
import { isJsonObject, type JsonValue } from "../../config/json";
import { asText } from "../../config/variables";
import { documentApart } from "../../trust";

export interface ListEntry {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** The entries, those without an id left out, an id given twice only once. */
export function readEntries(value: JsonValue): readonly ListEntry[] {
  if (!Array.isArray(value)) return [];
  const seen = new Set<string>();
  return (value as readonly JsonValue[]).flatMap((entry) => {
    if (!isJsonObject(entry) || entry.id === undefined || entry.id === null) return [];
    const id = String(entry.id);
    if (seen.has(id)) return [];
    seen.add(id);
    return [{ id, title: asText(entry.title), body: asText(entry.body) || plain(asText(entry.html)) }];
  });
}

/** The words of a piece of HTML: parsed into a document that is never shown, so nothing in it runs. */
function plain(html: string): string {
  return html
    ? (new DOMParser().parseFromString(documentApart(html), "text/html").body.textContent ?? "")
    : "";
}
