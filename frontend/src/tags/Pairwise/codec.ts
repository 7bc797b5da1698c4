import { readText, valueCodec } from "../_contract/valueCodec";

/** `left` or `right`. The item's `to_name` is kept as it came. */
export default valueCodec<string>({ type: "pairwise", key: "selected", read: readText });
