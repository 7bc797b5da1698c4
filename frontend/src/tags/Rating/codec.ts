import { readNumber, valueCodec } from "../_contract/valueCodec";

/** A number of stars; 0 is no rating and is not written. */
export default valueCodec<number>({ type: "rating", key: "rating", read: readNumber });
