import { readNumber, valueCodec } from "../_contract/valueCodec";

/** A number; 0 is a value. */
export default valueCodec<number>({ type: "number", key: "number", read: readNumber });
