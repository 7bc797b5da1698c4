import { isJsonObject, type JsonObject, type JsonValue } from "../../config/json";
import { valueCodec } from "../_contract/valueCodec";

/** Ids by bucket; without buckets one list under the Ranker's own name; `_` holds what is left in the list. */
export default valueCodec<JsonObject>({ type: "ranker", key: "ranker", read: readRanks });

export function readRanks(stored: JsonValue): JsonObject | null {
  if (!isJsonObject(stored)) return null;
  const lists = Object.values(stored).every((ids) => Array.isArray(ids));
  return lists ? stored : null;
}
