import { readTexts, valueCodec } from "../_contract/valueCodec";

/** Written texts, in order. A single text is read as a list of one. */
export default valueCodec<readonly string[]>({ type: "textarea", key: "text", read: readTexts });
