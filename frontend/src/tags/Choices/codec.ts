import type { JsonArray, JsonValue } from "../../config/json";
import { readPaths, valueCodec } from "../_contract/valueCodec";

/** Chosen values: texts, or paths where choices are nested. One text alone is read as a list of one. */
export default valueCodec<JsonArray>({ type: "choices", key: "choices", read: readChoices });

function readChoices(stored: JsonValue): JsonArray | null {
  if (typeof stored === "string") return [stored];
  return readPaths(stored) && Array.isArray(stored) ? (stored as JsonArray) : null;
}
