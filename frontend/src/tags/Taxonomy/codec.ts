import type { JsonArray } from "../../config/json";
import { readPaths, valueCodec } from "../_contract/valueCodec";

/** Paths from the top, aliases in place of values. Works for spans, too: their place is kept as it is. */
export default valueCodec<JsonArray>({ type: "taxonomy", key: "taxonomy", read: readPaths });
