import { readText, valueCodec } from "../_contract/valueCodec";

/** A text in the tag's format. */
export default valueCodec<string>({ type: "datetime", key: "datetime", read: readText });
