/** The text of a Text or HyperText: from the data, decoded, or fetched from its address. */
import { readText } from "../../config/attributes";
import { asText } from "../../config/variables";
import type { TagViewProps } from "../_contract/contract";
import { word } from "../_contract/words";

/** The content to show. Throws with a sentence for the annotator when the address gives nothing. */
export async function loadContent({ node, host }: TagViewProps): Promise<string> {
  const given = asText(host.attribute(node, "value"));
  const text = readText(node, "valueType") === "url" ? await fetchText(given) : given;
  try {
    return decode(text, readText(node, "encoding"));
  } catch {
    throw new Error(word("wrongData", { name: node.name ?? "" }));
  }
}

/** Gives the text at an address. Throws with a sentence for the annotator when there is none. */
export async function fetchText(address: string): Promise<string> {
  const answer = /^(https?:)?\//i.test(address) ? await fetch(address).catch(() => null) : null;
  if (!answer?.ok) throw new Error(word("cannotLoad", { address }));
  return answer.text();
}

function decode(text: string, encoding: string): string {
  if (encoding === "none" || !encoding) return text;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return encoding === "base64unicode" ? new TextDecoder().decode(bytes) : String.fromCharCode(...bytes);
}

/** Whether results hold the marked text. */
export function savesText({ node }: TagViewProps): boolean {
  const written = readText(node, "saveTextResult");
  return written ? written === "yes" : readText(node, "valueType") !== "url";
}
